import { type BridgePort, deadVlan } from "../../ir/bridge.js";
import type { HostPhysicalBridge, HostView, Tunnel, WiredPort } from "../../model/host-view.js";
import { ipVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { by, byNumber, sorted } from "../../base/order.js";
import { cause } from "./cause.js";
import type { HostSlice, IntegrationSlice } from "../slices.js";

/** Patch ports have no number in the datapath. */
const noDatapathPort = 0;

/** UDP port of VXLAN that needs no option. Source: neutron-lib `constants.VXLAN_UDP_PORT`. */
const standardVxlanPort = 4789;

/** Ports of br-int, ascending ofport. */
export function integrationPorts(view: IntegrationSlice, release: Release): readonly BridgePort[] {
  const { pointer } = view.host;
  const otherConfig = release.ovsdb.integrationPatch;
  const patches = view.physicalBridges.map(({ intName, phyName, intOfport }) => patch(intName, intOfport, phyName, pointer, otherConfig));
  if (view.brInt.patchTunOfport !== undefined)
    patches.push(patch("patch-tun", view.brInt.patchTunOfport, "patch-int", pointer, otherConfig));
  const wired = view.ports.filter(({ bridge }) => bridge === "br-int").map((port) => pluggedPort(view, port));
  return sorted(
    [...patches, ...wired],
    by(({ ofport }) => ofport, byNumber),
  );
}

/** Ports of br-tun, ascending ofport. */
export function tunnelPorts(view: HostSlice, release: Release, bridge: NonNullable<HostView["brTun"]>): readonly BridgePort[] {
  const tunnels = bridge.tunnels.map((tunnel) => tunnelPort(view, release, tunnel));
  return sorted(
    [patch("patch-int", bridge.patchIntOfport, "patch-tun", view.host.pointer, {}), ...tunnels],
    by(({ ofport }) => ofport, byNumber),
  );
}

/** Ports of a physical bridge, ascending ofport. */
export function physicalPorts(view: HostSlice, bridge: HostPhysicalBridge): readonly BridgePort[] {
  const { uplink, phyName, phyOfport, intName, ports } = bridge;
  const origin = cause("bridge/uplink", view.host.pointer);
  const all: readonly BridgePort[] = [
    { ...uplink, type: { kind: "system" }, origin },
    patch(phyName, phyOfport, intName, view.host.pointer, {}),
    ...ports.map((port) => pluggedPort(view, port)),
  ];
  return sorted(
    all,
    by(({ ofport }) => ofport, byNumber),
  );
}

function patch(name: string, ofport: number, peer: string, pointer: string, otherConfig: Readonly<Record<string, string>>): BridgePort {
  const origin = cause("bridge/patch", pointer);
  return { name, ofport, type: { kind: "patch", peer }, datapathPort: noDatapathPort, otherConfig, origin };
}

/**
 * A device of Neutron's or of a server.
 *
 * Source: Neutron `OVSInterfaceDriver._ovs_add_port`, `OVSNeutronAgent.port_bound`, `port_dead`; os-vif for servers.
 */
function pluggedPort(view: HostSlice, { port, device, ofport, localVlan, state, datapathPort, bridge }: WiredPort): BridgePort {
  const tagged = localVlan !== undefined && bridge === "br-int" && state !== "idle";
  return {
    name: device,
    ofport,
    ...(tagged ? { tag: state === "bound" ? localVlan : deadVlan, otherConfig: segmentOf(port, localVlan) } : {}),
    type: { kind: port.deviceOwner.startsWith("network:") ? "internal" : "system" },
    externalIds: { "attached-mac": port.mac, "iface-id": port.id, "iface-status": "active" },
    datapathPort,
    mac: port.mac,
    mtu: port.network.mtu,
    origin: cause(port.adminStateUp ? "bridge/port" : "bridge/port-off", port.pointer, view.host.pointer),
  };
}

/** What the agent remembers of a port's network. Source: Neutron `OVSNeutronAgent.port_bound`. */
function segmentOf({ network }: WiredPort["port"], localVlan: number): Readonly<Record<string, string>> {
  return {
    net_uuid: network.id,
    network_type: network.type,
    physical_network: network.physicalNetwork ?? "None",
    ...(network.segmentationId === undefined ? {} : { segmentation_id: String(network.segmentationId) }),
    tag: String(localVlan),
  };
}

/** Source: Neutron `ovs_lib.OVSBridge.add_tunnel_port`, `get_gre_tunnel_port_type`. */
function tunnelPort(
  view: HostSlice,
  release: Release,
  { name, ofport, type, localIp, remoteIp, datapathPort, remote }: Tunnel,
): BridgePort {
  const { dontFragment, tunnelCsum, vxlanUdpPort } = view.host.agent;
  const overIpv6 = type === "gre" && ipVersion(remoteIp) === 6 && release.features.has("gre-over-ipv6");
  const options: Record<string, string> = {
    ...release.ovsdb.tunnel,
    df_default: String(dontFragment),
    local_ip: localIp,
    remote_ip: remoteIp,
  };
  if (tunnelCsum) options["csum"] = "true";
  if (overIpv6) options["packet_type"] = "legacy_l2";
  if (type === "vxlan" && vxlanUdpPort !== standardVxlanPort) options["dst_port"] = String(vxlanUdpPort);
  return {
    name,
    ofport,
    type: { kind: "tunnel", type: overIpv6 ? "ip6gre" : type, options, remoteIp },
    datapathPort,
    origin: cause("bridge/tunnel", remote.pointer, view.host.pointer),
  };
}
