/** What kind of choice an entry of the lock is. */
export type ChoiceNature =
  /** Given out by a host as it goes: another number or name would do as well. */
  | "number"
  /** Drawn at random, or from a pool in an order that the topology does not tell. */
  | "random"
  /** The outcome of chance or of past events, which changes what is programmed. */
  | "history";

/** Choices of hosts by the name that the lock gives them: see `docs/lock.md`. */
export const hostChoices: ReadonlyMap<string, { readonly nature: ChoiceNature; readonly title: string }> = new Map([
  ["ofport", { nature: "number", title: "port numbers" }],
  ["local_vlan", { nature: "number", title: "local VLANs" }],
  ["datapath_port", { nature: "number", title: "datapath ports" }],
  ["ifindex", { nature: "number", title: "interface indexes" }],
  ["fpr_ifindex", { nature: "number", title: "interface indexes in fip namespaces" }],
  ["conjunction_id", { nature: "number", title: "conjunction ids" }],
  ["conntrack_zone", { nature: "number", title: "conntrack zones" }],
  ["scope_mark", { nature: "number", title: "address scope marks" }],
  ["uplink", { nature: "number", title: "uplinks of physical bridges" }],
  ["cookie", { nature: "random", title: "cookies" }],
  ["datapath_id", { nature: "random", title: "datapath ids" }],
  ["dvr_mac_address", { nature: "random", title: "DVR MACs" }],
  ["rfp_mac", { nature: "random", title: "MACs of rfp devices" }],
  ["fpr_mac", { nature: "random", title: "MACs of fpr devices" }],
  ["link_local_pair", { nature: "random", title: "link-local pairs" }],
  ["fip_rule_priority", { nature: "random", title: "floating IP rule priorities" }],
  ["arp_reply_interface", { nature: "history", title: "interfaces whose ARP reply flow is left on a network" }],
  ["subnet_gateway", { nature: "history", title: "interfaces that are remembered for a subnet" }],
  ["delivery_subnet", { nature: "history", title: "subnets that deliver a port of several" }],
  ["pair_deliveries", { nature: "history", title: "deliveries to allowed address pairs" }],
  ["pair_neighbours", { nature: "history", title: "routers that know address pairs by their own MACs" }],
  ["direct_delivery", { nature: "history", title: "direct deliveries that the firewall left" }],
  ["early_fip_rule", { nature: "history", title: "rules of floating IPs that are served centrally" }],
  ["idle_delivery", { nature: "history", title: "ports that are switched off to which no router delivers" }],
  ["snat_delivery", { nature: "history", title: "centralised SNAT ports that an agent gave up" }],
  ["unplugged", { nature: "history", title: "ports that are bound and not plugged in" }],
  ["port_state", { nature: "history", title: "ports that were switched off while they were up" }],
  ["flood", { nature: "history", title: "flood entries of networks that no other host has" }],
  ["scope_device_order", { nature: "history", title: "orders of devices of the external address scope" }],
  ["multipath_order", { nature: "history", title: "orders of next hops" }],
  ["snat_next_hop", { nature: "history", title: "next hops that a snat namespace kept" }],
  ["group_order", { nature: "history", title: "orders of a port's security groups" }],
  ["rule_order", { nature: "history", title: "orders of a security group's rules" }],
  ["pass_order", { nature: "history", title: "orders of ports that pass unfiltered" }],
  ["dhcp_gateway", { nature: "history", title: "default gateways of DHCP namespaces" }],
]);
