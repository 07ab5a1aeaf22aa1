import type {
  AggregateDocument,
  ExternalGatewayInfoDocument,
  FixedIpDocument,
  FloatingIpDocument,
  HostDocument,
  NetworkDocument,
  PortDocument,
  PortInterfaceDocument,
  RouterDocument,
  SecurityGroupDocument,
  SecurityGroupRuleDocument,
  ServerDocument,
  ServerNetworkDocument,
  ServerPortDocument,
  SubnetDocument,
  SubnetInterfaceDocument,
  TopologyDocument,
} from "./types.generated.js";

declare const computed: unique symbol;

/** The name of a resource that the compiler cannot see: made by {@link ref}, checked by dvrc after evaluation. */
export type Computed = string & { readonly [computed]: true };

/** Names a resource by a computed name, beside names that are written out. */
export function ref(name: string): Computed {
  return name as Computed;
}

/** A router interface on a subnet `S`, of network `N`. */
export interface SubnetInterfaceInput<S, N> extends Omit<SubnetInterfaceDocument, "subnet" | "network"> {
  /** Name of the subnet. */
  readonly subnet: S;
  /** Name of the subnet's network, where two networks have a subnet of that name. */
  readonly network?: N;
}

/** A router interface that is the declared port `P`. */
export interface PortInterfaceInput<P> extends Omit<PortInterfaceDocument, "port"> {
  /** Name of a declared port. */
  readonly port: P;
}

/** A wish for an address: any of subnet `S`, or a certain one. */
export interface FixedIpInput<S> extends Omit<FixedIpDocument, "subnet"> {
  /** Name of the subnet. Default: the one that has the address. */
  readonly subnet?: S;
}

/** Gateway of a router on network `N`, with addresses on subnets `S`. */
export interface ExternalGatewayInfoInput<S, N> extends Omit<ExternalGatewayInfoDocument, "network" | "external_fixed_ips"> {
  /** Name of the external network. */
  readonly network: N;
  /** Addresses of the gateway. Default: one of each IP version, allocated. */
  readonly external_fixed_ips?: readonly FixedIpInput<S>[];
}

/** An aggregate of hosts `H`, which declares zone `Z`. */
export interface AggregateInput<H, Z extends string> extends Omit<AggregateDocument, "availability_zone" | "hosts"> {
  /** Name of the availability zone. */
  readonly availability_zone: Z;
  /** Hosts of the aggregate, by name. Default: none. */
  readonly hosts?: readonly H[];
}

/** A network of address scopes `A` that hosts `H` serve, which declares the subnets that are the keys of `S`. */
export interface NetworkInput<S, A, H> extends Omit<
  NetworkDocument,
  "subnets" | "ipv4_address_scope" | "ipv6_address_scope" | "dhcp_agents"
> {
  /** Address scope of the network's IPv4 subnets, by name. Default: none. */
  readonly ipv4_address_scope?: A;
  /** Address scope of the network's IPv6 subnets, by name. Default: none. */
  readonly ipv6_address_scope?: A;
  /** Hosts whose DHCP agents serve the network, by name; an empty list is for none. Default: the scheduler's choice. */
  readonly dhcp_agents?: readonly H[];
  /** Subnets of the network, by name. */
  readonly subnets?: { readonly [K in keyof S]: SubnetDocument };
}

/** A router that names hosts `H`, networks `N`, subnets `S` and ports `P`. */
export interface RouterInput<H, N, S, P> extends Omit<
  RouterDocument,
  "interfaces" | "external_gateway" | "external_gateway_info" | "host"
> {
  /** Subnets that the router joins, in the order in which they were added. */
  readonly interfaces?: readonly (S | SubnetInterfaceInput<S, N> | PortInterfaceInput<P>)[];
  /** External network of the router's gateway, by name: the short form of `external_gateway_info`. Default: no gateway. */
  readonly external_gateway?: N;
  /** Gateway of the router. Default: none. */
  readonly external_gateway_info?: ExternalGatewayInfoInput<S, N>;
  /** Host whose L3 agent has the router's SNAT, or a centralised router as a whole. Default: the scheduler's choice. */
  readonly host?: H;
}

/** A server's port on network `N`, with an address of subnet `S` and security groups `G`. */
export interface ServerNetworkInput<N, S, G> extends Omit<ServerNetworkDocument, "network" | "subnet" | "fixed_ips" | "security_groups"> {
  /** Name of the network. */
  readonly network: N;
  /** Name of the subnet that the address is taken from. Default: one of each IP version. */
  readonly subnet?: S;
  /** Addresses of the port. Default: one of each IP version, allocated. */
  readonly fixed_ips?: readonly FixedIpInput<S>[];
  /** Security groups of the port, by name. Default: the server's. */
  readonly security_groups?: readonly G[];
}

/** The declared port `P`, plugged into a server. */
export interface ServerPortInput<P> extends Omit<ServerPortDocument, "port"> {
  /** Name of a declared port. */
  readonly port: P;
}

/** A server that names hosts `H`, zones `Z`, networks `N`, subnets `S`, ports `P` and security groups `G`. */
export interface ServerInput<H, Z, N, S, P, G> extends Omit<ServerDocument, "host" | "availability_zone" | "networks" | "security_groups"> {
  /** Host that runs the server. Default: a host of its availability zone. */
  readonly host?: H;
  /** Availability zone on one of whose hosts the server runs. Default: any host may run it. */
  readonly availability_zone?: Z;
  /** Ports of the server in order; for each a network, a network with wishes for the port, or a declared port. */
  readonly networks?: readonly (N | ServerNetworkInput<N, S, G> | ServerPortInput<P>)[];
  /** Security groups of the server's ports, by name. Default: the project's `default`. */
  readonly security_groups?: readonly G[];
}

/** A port on network `N`, with addresses of subnets `S`, security groups `G`, bound to a host `H`. */
export interface PortInput<H, N, S, G> extends Omit<PortDocument, "network" | "fixed_ips" | "security_groups" | "host"> {
  /** Name of the port's network. */
  readonly network: N;
  /** Addresses of the port. Default: one of each IP version, allocated. */
  readonly fixed_ips?: readonly FixedIpInput<S>[];
  /** Security groups of the port, by name. Default: the project's `default`. */
  readonly security_groups?: readonly G[];
  /** Host that the port is bound to (`binding:host_id`). Default: its server's. */
  readonly host?: H;
}

/** A floating IP of network `N` that stands for a port `P` or for a port of server `V`. */
export interface FloatingIpInput<N, P, V> extends Omit<FloatingIpDocument, "network" | "port" | "server"> {
  /** External network of the address, by name. Default: the one that has the address, or the one that the port's router leads to. */
  readonly network?: N;
  /** Declared port that it stands for, by name. Default: the first port of `server`. */
  readonly port?: P;
  /** Server for whose port it stands, by name. Default: none, the floating IP is not associated. */
  readonly server?: V;
}

/** A security group rule that may name groups `G` and address groups `B`. */
export interface SecurityGroupRuleInput<G, B> extends Omit<SecurityGroupRuleDocument, "remote_group" | "remote_address_group"> {
  /** Security group whose ports are the other side, by name. Default: any. */
  readonly remote_group?: G;
  /** Address group whose addresses are the other side, by name. Default: any. */
  readonly remote_address_group?: B;
}

/** A security group whose rules may name groups `G` and address groups `B`. */
export interface SecurityGroupInput<G, B> extends Omit<SecurityGroupDocument, "rules"> {
  /** Rules of the group beside those that it starts with. */
  readonly rules?: readonly SecurityGroupRuleInput<G, B>[];
}

/** The sections of a topology in which names are declared or used. */
type NamingSection =
  | "hosts"
  | "aggregates"
  | "address_scopes"
  | "address_groups"
  | "networks"
  | "routers"
  | "servers"
  | "ports"
  | "floating_ips"
  | "security_groups";

/**
 * A topology whose names are checked by the compiler.
 *
 * Names are inferred where they are declared, as keys of mapped types: hosts `H`, zones `Z`, address scopes `A`, ports `P`, servers `V`, security groups
 * `G` and address groups `B`. `NS` is an object with networks as keys and, for each, an object with its subnets as keys, so that `NETWORK/SUBNET` is
 * checked pair by pair. Where names are used they are wrapped in `NoInfer`. Types of names are written out below, not named, so that the compiler's
 * messages list the names.
 */
export interface TopologyInput<
  H extends string,
  Z extends string,
  A extends string,
  NS,
  V extends string,
  P extends string,
  G extends string,
  B extends string,
> extends Omit<TopologyDocument, NamingSection> {
  /** Machines that run the Open vSwitch agent and the L3 agent, by name (`binding:host_id`). The agents of several hosts are wired in this order. */
  readonly hosts: { readonly [K in H]: HostDocument };
  /** Host aggregates of Nova that make availability zones, by name. A host in none is in the zone `nova`. */
  readonly aggregates?: { readonly [name: string]: AggregateInput<NoInfer<H> | Computed, Z> };
  /** Address scopes, by name: between networks of one scope a router routes without NAT. */
  readonly address_scopes?: { readonly [K in A]: NonNullable<TopologyDocument["address_scopes"]>[string] };
  /** Address groups, by name: lists of addresses that security group rules may name (`remote_address_group`). */
  readonly address_groups?: { readonly [K in B]: NonNullable<TopologyDocument["address_groups"]>[string] };
  /** Networks, by name. */
  readonly networks?: { readonly [K in keyof NS]: NetworkInput<NS[K], NoInfer<A> | Computed, NoInfer<H> | Computed> };
  /** Routers, by name. */
  readonly routers?: {
    readonly [name: string]: RouterInput<
      NoInfer<H> | Computed,
      NoInfer<keyof NS & string> | Computed,
      NoInfer<{ [N in keyof NS & string]: (keyof NS[N] & string) | `${N}/${keyof NS[N] & string}` }[keyof NS & string]> | Computed,
      NoInfer<P> | Computed
    >;
  };
  /** Servers of Nova with the ports that plug them into networks, by name. Their ports are created in this order. */
  readonly servers?: {
    readonly [K in V]: ServerInput<
      NoInfer<H> | Computed,
      NoInfer<Z> | "nova" | Computed,
      NoInfer<keyof NS & string> | Computed,
      NoInfer<{ [N in keyof NS & string]: (keyof NS[N] & string) | `${N}/${keyof NS[N] & string}` }[keyof NS & string]> | Computed,
      NoInfer<P> | Computed,
      NoInfer<G> | "default" | Computed
    >;
  };
  /** Ports that are declared in full, by name; a server or a router interface takes one by `port: NAME`. */
  readonly ports?: {
    readonly [K in P]: PortInput<
      NoInfer<H> | Computed,
      NoInfer<keyof NS & string> | Computed,
      NoInfer<{ [N in keyof NS & string]: (keyof NS[N] & string) | `${N}/${keyof NS[N] & string}` }[keyof NS & string]> | Computed,
      NoInfer<G> | "default" | Computed
    >;
  };
  /** Floating IPs, by a name of one's own. A server's `floating_ip` is the short form. */
  readonly floating_ips?: {
    readonly [name: string]: FloatingIpInput<NoInfer<keyof NS & string> | Computed, NoInfer<P> | Computed, NoInfer<V> | Computed>;
  };
  /** Security groups, by name. `default` exists in any case; rules declared for it are added to its own. */
  readonly security_groups?: { readonly [K in G]: SecurityGroupInput<NoInfer<G> | "default" | Computed, NoInfer<B> | Computed> };
}

/**
 * A topology, as the default export of a `.ts` file. Returns what it is given.
 *
 * Errors: a name that is used but not declared, and an unknown attribute, are type errors at the word itself.
 */
export function topology<
  const H extends string = never,
  const Z extends string = never,
  const A extends string = never,
  const NS = object,
  const V extends string = never,
  const P extends string = never,
  const G extends string = never,
  const B extends string = never,
>(input: TopologyInput<H, Z, A, NS, V, P, G, B>): TopologyDocument {
  return input;
}
