import type { BridgePort } from "../../ir/bridge.js";
import type { HostView, WiredPort } from "../../model/host-view.js";
import type { LockValue } from "../../resolve/lock.js";
import { escapeName } from "../../resolve/keys.js";
import type { DumpedHost } from "./facts.js";

/** Writes an entry: what, owner, value. Values that the dump does not tell are undefined and written nowhere. */
export type Adopt = (what: string, owner: string, value: LockValue | undefined) => void;

/** Numbers and names of bridges and their ports: cookies, datapath ids, uplinks, ofports, local VLANs, interface indexes. */
export function adoptNumbers(view: HostView, dump: DumpedHost, adopt: Adopt): void {
  for (const bridge of dump.state.bridges) {
    const owner = `bridge/${escapeName(bridge.name)}`;
    adopt("cookie", owner, commonCookie(bridge.flows.map((flow) => flow.cookie)));
    adopt("datapath_id", owner, bridge.datapathId === "" ? undefined : bridge.datapathId);
  }
  adopt("ofport", "bridge/br-tun/patch-tun", dump.port("br-int", "patch-tun")?.ofport);
  adopt("ofport", "bridge/br-tun/patch-int", dump.port("br-tun", "patch-int")?.ofport);
  for (const tunnel of view.brTun?.tunnels ?? []) {
    const port = dump.port("br-tun", tunnel.name);
    adopt("ofport", `tunnel/${tunnel.type}/${escapeName(tunnel.remote.name)}`, port?.ofport);
    adopt("datapath_port", `tunnel/${tunnel.type}`, datapathPort(port));
  }
  for (const { name, intName, phyName } of view.physicalBridges) {
    const owner = `bridge/${escapeName(name)}`;
    adopt("ofport", `${owner}/int`, dump.port("br-int", intName)?.ofport);
    adopt("ofport", `${owner}/phy`, dump.port(name, phyName)?.ofport);
    const uplink = uplinkOf(dump, name);
    adopt("uplink", owner, uplink?.name);
    adopt("ofport", `${owner}/uplink`, uplink?.ofport);
    adopt("datapath_port", `${owner}/uplink`, datapathPort(uplink));
  }
  const indexes = new Map(dump.state.namespaces.flatMap(({ devices }) => devices.map((device) => [device.name, device.index] as const)));
  for (const wired of view.ports) {
    const port = dump.port(wired.bridge, wired.device);
    adopt("ofport", wired.port.key, port?.ofport);
    adopt("datapath_port", wired.port.key, datapathPort(port));
    adopt("ifindex", wired.port.key, indexes.get(wired.device));
    if (wired.localVlan !== undefined) adopt("local_vlan", wired.port.network.key, localVlanOf(wired, port));
  }
}

/** The tag of a port that is switched off is not its network's: the row remembers that one, if the agent had bound the port. */
function localVlanOf({ state }: WiredPort, port: BridgePort | undefined): number | undefined {
  if (state === "bound") return port?.tag;
  const tag = Number(port?.otherConfig?.["tag"]);
  return Number.isInteger(tag) ? tag : undefined;
}

/** The port's number in the datapath, which artefact trees tell and Open vSwitch's own tools do not. */
function datapathPort(port: BridgePort | undefined): number | undefined {
  return port === undefined || port.datapathPort === 0 ? undefined : port.datapathPort;
}

/** The device that joins a physical bridge to the wire: the first port that is neither a patch nor a router's. */
export function uplinkOf(dump: DumpedHost, bridge: string): BridgePort | undefined {
  return dump
    .bridge(bridge)
    ?.ports.find(({ name, type }) => type.kind === "system" || (type.kind === "internal" && !/^(?:q[rg]|sg|fg)-/.test(name)));
}

/** The cookie of most flows: those of other programs on the bridge have their own. */
function commonCookie(cookies: readonly bigint[]): string | undefined {
  const counts = new Map<bigint, number>();
  for (const cookie of cookies) if (cookie !== 0n) counts.set(cookie, (counts.get(cookie) ?? 0) + 1);
  let best: bigint | undefined;
  for (const [cookie, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = cookie;
  return best === undefined ? undefined : `0x${best.toString(16)}`;
}
