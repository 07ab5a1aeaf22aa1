import { groupBy } from "../base/group-by.js";
import { memo, remember } from "../base/remember.js";
import { type Placement, placementOf } from "../model/placement.js";
import type {
  HostDeclaration,
  NetworkDeclaration,
  PortDeclaration,
  RouterDeclaration,
  RouterInterfaceDeclaration,
  SubnetDeclaration,
  Topology,
} from "../model/topology.js";
import { cidrVersion } from "../net/cidr.js";
import type { Ip } from "../net/ip.js";
import type { Pointer } from "../source/pointer.js";

/** A router's interface on a subnet. */
export interface Attachment {
  readonly router: RouterDeclaration;
  readonly interface: RouterInterfaceDeclaration;
  readonly subnet: SubnetDeclaration;
  /** Undefined where the interface names none and the subnet has no gateway. */
  readonly address: Ip | undefined;
  /** Where the subnet is named, or the interface's port. */
  readonly pointer: Pointer;
}

/** What several checks want to know, computed once. */
export interface Facts {
  readonly attachments: readonly Attachment[];
  /** By router key. */
  readonly attachmentsOfRouter: ReadonlyMap<string, readonly Attachment[]>;
  /** By subnet key. */
  readonly attachmentsOfSubnet: ReadonlyMap<string, readonly Attachment[]>;
  /** Routers that take declared ports as interfaces, by port key. */
  readonly routerOfPort: ReadonlyMap<string, RouterDeclaration>;
  readonly placement: Placement;
  /** The host of a port, where the topology settles it: it is named, or no other can take the server. */
  readonly hostOf: (port: PortDeclaration) => HostDeclaration | undefined;
  /** Subnets on which a port has addresses: those that it names, else those from which Neutron would give it one. */
  readonly subnetsOf: (port: PortDeclaration) => readonly SubnetDeclaration[];
  /** Routers that have an interface on a network, by network key. */
  readonly routersOfNetwork: ReadonlyMap<string, readonly RouterDeclaration[]>;
}

/** Collects the facts of a topology. */
export function factsOf(topology: Topology): Facts {
  const attachments: Attachment[] = [];
  const routerOfPort = new Map<string, RouterDeclaration>();
  for (const router of topology.routers.values()) {
    for (const declared of router.interfaces) {
      attachments.push(...attachmentsOf(topology, router, declared));
      if (declared.port !== undefined && !routerOfPort.has(declared.port.key)) routerOfPort.set(declared.port.key, router);
    }
  }
  const placement = placementOf(topology);
  return {
    attachments,
    attachmentsOfRouter: groupBy(attachments, ({ router }) => router.key),
    attachmentsOfSubnet: groupBy(attachments, ({ subnet }) => subnet.key),
    routerOfPort,
    placement,
    hostOf: memo((port) => settledHost(topology, placement, port)),
    subnetsOf: subnetsOfPorts(topology),
    routersOfNetwork: routersByNetwork(attachments),
  };
}

function routersByNetwork(attachments: readonly Attachment[]): ReadonlyMap<string, readonly RouterDeclaration[]> {
  const routers = new Map<string, Set<RouterDeclaration>>();
  for (const { router, subnet } of attachments) {
    const known = routers.get(subnet.network) ?? new Set<RouterDeclaration>();
    routers.set(subnet.network, known.add(router));
  }
  return new Map([...routers].map(([network, found]) => [network, [...found]]));
}

function attachmentsOf(topology: Topology, router: RouterDeclaration, declared: RouterInterfaceDeclaration): Attachment[] {
  if (declared.subnet !== undefined) {
    const subnet = topology.subnets.get(declared.subnet.key);
    const address = declared.ipAddress ?? subnet?.gatewayIp;
    return subnet === undefined ? [] : [{ router, interface: declared, subnet, address, pointer: declared.subnet.pointer }];
  }
  const port = topology.ports.get(declared.port?.key ?? "");
  return (port?.fixedIps ?? []).flatMap((fixedIp) => {
    const subnet = topology.subnets.get(fixedIp.subnet?.key ?? "");
    const pointer = declared.port?.pointer ?? declared.pointer;
    return subnet === undefined ? [] : [{ router, interface: declared, subnet, address: fixedIp.ipAddress, pointer }];
  });
}

function settledHost(topology: Topology, placement: Placement, port: PortDeclaration): HostDeclaration | undefined {
  const server = topology.servers.get(port.server ?? "");
  if (server === undefined) return port.host === undefined ? undefined : topology.hosts.get(port.host.key);
  const [host, other] = placement.candidateHosts(server);
  return other === undefined ? host : undefined;
}

/**
 * Subnets of the wishes, else the first subnet of each version; and all that make addresses from MACs.
 *
 * Source: Neutron `IpamPluggableBackend._allocate_ips_for_port`.
 */
function subnetsOfPorts(topology: Topology): (port: PortDeclaration) => readonly SubnetDeclaration[] {
  // Most ports wish for nothing, and are then on the subnets that all others of their network and kind are on.
  const unwished = remember((network: NetworkDeclaration) => memo((deviceOwner: string) => subnetsWithoutWishes(network, deviceOwner)));
  const wished = memo((port: PortDeclaration) => {
    const wanted = port.fixedIps.flatMap(({ subnet }) => topology.subnets.get(subnet?.key ?? "") ?? []);
    const network = topology.networks.get(port.network.key);
    const automatic = network === undefined ? [] : servingSubnets(network, port.deviceOwner).filter(makesAddresses);
    return [...wanted, ...automatic.filter((subnet) => !wanted.includes(subnet))];
  });
  return (port) => {
    const network = topology.networks.get(port.network.key);
    if (network === undefined) return [];
    return port.fixedIps.length > 0 || port.withoutFixedIps === true ? wished(port) : unwished(network)(port.deviceOwner);
  };
}

function subnetsWithoutWishes(network: NetworkDeclaration, deviceOwner: string): readonly SubnetDeclaration[] {
  const serving = servingSubnets(network, deviceOwner);
  const first = (version: 4 | 6): readonly SubnetDeclaration[] =>
    serving.filter((subnet) => cidrVersion(subnet.cidr) === version && !makesAddresses(subnet)).slice(0, 1);
  return [...first(4), ...first(6), ...serving.filter(makesAddresses)];
}

/** Subnets of a network that give addresses to ports of a device owner. Source: Neutron `Subnet.find_candidate_subnets`. */
export function servingSubnets(network: NetworkDeclaration, deviceOwner: string): readonly SubnetDeclaration[] {
  return network.subnets.filter((subnet) => serves(subnet, deviceOwner));
}

/** True where a subnet gives addresses to ports of a device owner. */
export function serves({ serviceTypes }: SubnetDeclaration, deviceOwner: string): boolean {
  return serviceTypes.length === 0 || serviceTypes.includes(deviceOwner);
}

/** True where the subnet's addresses are made from MACs. Source: Neutron `ipv6_utils.is_auto_address_subnet`. */
export function makesAddresses({ ipv6AddressMode, ipv6RaMode }: SubnetDeclaration): boolean {
  return [ipv6AddressMode, ipv6RaMode].some((mode) => mode === "slaac" || mode === "dhcpv6-stateless");
}
