import type { AgentDocument, NeutronDocument } from "../../dsl/types.generated.js";
import type { AgentOptions, ServerOptions } from "../../model/agent-options.js";
import type { Pointer } from "../../source/pointer.js";
import { pointerTo } from "../../source/pointer.js";
import { complain, type DeclareContext } from "./context.js";
import { declareMac } from "./values.js";

/** Agent options as Neutron's DVR deployment guide sets them. Source: its configuration of the compute and network nodes; defaults of neutron.conf elsewhere. */
const defaults: AgentOptions = {
  firewallDriver: "openvswitch",
  l2Population: true,
  arpResponder: true,
  enableDistributedRouting: true,
  tunnelTypes: ["vxlan"],
  vxlanUdpPort: 4789,
  tunnelCsum: false,
  dontFragment: true,
  datapathType: "system",
  explicitlyEgressDirect: false,
  dropFlowsOnStart: false,
  preventArpSpoofing: true,
  hostDvrForDhcp: true,
  useRandomFully: true,
  enableMetadataProxy: true,
  enableIsolatedMetadata: false,
  forceMetadata: false,
};

/** Options of one host's agents: its own, else the topology's, else the defaults. */
export function declareAgentOptions(common: AgentDocument | undefined, own: AgentDocument | undefined): AgentOptions {
  const options = { ...common, ...own };
  return {
    firewallDriver: options.firewall_driver ?? defaults.firewallDriver,
    l2Population: options.l2_population ?? defaults.l2Population,
    arpResponder: options.arp_responder ?? defaults.arpResponder,
    enableDistributedRouting: options.enable_distributed_routing ?? defaults.enableDistributedRouting,
    tunnelTypes: options.tunnel_types ?? defaults.tunnelTypes,
    vxlanUdpPort: options.vxlan_udp_port ?? defaults.vxlanUdpPort,
    tunnelCsum: options.tunnel_csum ?? defaults.tunnelCsum,
    dontFragment: options.dont_fragment ?? defaults.dontFragment,
    datapathType: options.datapath_type ?? defaults.datapathType,
    explicitlyEgressDirect: options.explicitly_egress_direct ?? defaults.explicitlyEgressDirect,
    dropFlowsOnStart: options.drop_flows_on_start ?? defaults.dropFlowsOnStart,
    preventArpSpoofing: options.prevent_arp_spoofing ?? defaults.preventArpSpoofing,
    hostDvrForDhcp: options.host_dvr_for_dhcp ?? defaults.hostDvrForDhcp,
    useRandomFully: options.use_random_fully ?? defaults.useRandomFully,
    enableMetadataProxy: options.enable_metadata_proxy ?? defaults.enableMetadataProxy,
    enableIsolatedMetadata: options.enable_isolated_metadata ?? defaults.enableIsolatedMetadata,
    forceMetadata: options.force_metadata ?? defaults.forceMetadata,
  };
}

/** Options of the Neutron server, defaults filled in. */
export function declareServerOptions(context: DeclareContext, input: NeutronDocument = {}): ServerOptions {
  const pointer = "/neutron";
  const vniRange = input.vni_range ?? [1, 1000];
  complainReversed(context, vniRange, pointerTo(pointer, "vni_range"), "vni_range");
  const ranges = new Map<string, readonly [number, number]>();
  for (const [physical, range] of Object.entries(input.network_vlan_ranges ?? {})) {
    complainReversed(context, range, pointerTo(pointer, "network_vlan_ranges", physical), `VLAN range of "${physical}"`);
    ranges.set(physical, range);
  }
  return {
    globalPhysnetMtu: input.global_physnet_mtu ?? 1500,
    pathMtu: input.path_mtu ?? 0,
    tenantNetworkType: input.tenant_network_type ?? "vxlan",
    vniRange,
    networkVlanRanges: withoutPrototype(ranges),
    baseMac: declareBaseMac(context, input, "base_mac", "fa:16:3e:00:00:00"),
    dvrBaseMac: declareBaseMac(context, input, "dvr_base_mac", "fa:16:3f:00:00:00"),
    dhcpAgentsPerNetwork: input.dhcp_agents_per_network ?? 1,
  };
}

function declareBaseMac(context: DeclareContext, input: NeutronDocument, attribute: "base_mac" | "dvr_base_mac", fallback: string): string {
  const text = input[attribute];
  if (text === undefined) return fallback;
  return declareMac(context, { text, pointer: pointerTo("/neutron", attribute), attribute, owner: "the Neutron server" }) ?? fallback;
}

function complainReversed(context: DeclareContext, range: readonly [number, number], pointer: Pointer, owner: string): void {
  const [first, last] = range;
  if (first > last) complain(context, pointer, "reversed-range", { owner, first, last });
}

/** A record of user-chosen keys, among which `__proto__` is one like any other. */
function withoutPrototype<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  const record = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) record[key] = value;
  return record;
}
