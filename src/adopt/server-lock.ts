import { defined } from "../base/invariant.js";
import type { LockValue } from "../resolve/lock.js";
import { escapeName, resourceKey } from "../resolve/keys.js";
import type { ApiPort, ApiSubnet } from "./answers.js";
import { allocatedAddresses, isAutomaticSubnet } from "./document/automatic-addresses.js";
import { type Cloud, interfaceOwners, isNetworkPort } from "./document/cloud.js";
import type { FloatingIps } from "./document/floating-ips.js";
import { isUsualSegment } from "./document/networks.js";

/** What the server allocated, as entries of the lock: ids, MACs, addresses, segmentation ids, bindings. */
export function serverAllocations(cloud: Cloud, floatingIps: FloatingIps): Map<string, LockValue> {
  const entries = new Map<string, LockValue>();
  addNetworks(cloud, entries);
  addRouters(cloud, entries);
  addServersAndPorts(cloud, entries);
  addFloatingIps(cloud, floatingIps, entries);
  for (const group of cloud.groups.values())
    entries.set(`${resourceKey("security_group", keyOf(cloud, "securityGroup", group.id))}/id`, group.id);
  for (const { id } of cloud.answers.addressGroups) entries.set(`${resourceKey("address_group", keyOf(cloud, "addressGroup", id))}/id`, id);
  return entries;
}

function keyOf(cloud: Cloud, section: keyof Cloud["handles"], id: string): string {
  return defined(cloud.handles[section].get(id), `key of ${section} ${id}`);
}

function addNetworks(cloud: Cloud, entries: Map<string, LockValue>): void {
  for (const network of cloud.networks.values()) {
    const key = keyOf(cloud, "network", network.id);
    entries.set(`${resourceKey("network", key)}/id`, network.id);
    if (network.segmentationId !== undefined && isUsualSegment(network))
      entries.set(`${resourceKey("network", key)}/segmentation_id`, network.segmentationId);
    for (const subnet of cloud.subnetsOf.get(network.id) ?? []) {
      entries.set(`${resourceKey("subnet", key, keyOf(cloud, "subnet", subnet.id))}/id`, subnet.id);
    }
    const dhcp = cloud.dhcpPorts.get(network.id) ?? [];
    entries.set(
      `${resourceKey("network", key)}/dhcp_agents`,
      dhcp.map((port) => port.host ?? ""),
    );
    for (const port of dhcp) addDhcpPort(cloud, entries, resourceKey("network", key, "dhcp", port.host ?? ""), port);
  }
  addAgentGateways(cloud, entries);
}

/** A DHCP port, and on which subnets it has an address where that is not all of them. */
function addDhcpPort(cloud: Cloud, entries: Map<string, LockValue>, key: string, port: ApiPort): void {
  addPort(cloud, entries, key, port);
  const served = (cloud.subnetsOf.get(port.networkId) ?? []).filter((subnet) => subnet.enableDhcp && !isAutomaticSubnet(subnet));
  const addressed = new Set(port.fixedIps.map(({ subnetId }) => subnetId));
  const own = served.filter(({ id }) => addressed.has(id));
  if (own.length === served.length) return;
  entries.set(
    `${key}/subnets`,
    own.map(({ id }) => keyOf(cloud, "subnet", id)),
  );
}

/** One agent gateway port a host and network: of two that a race left, the active one is used. */
function addAgentGateways(cloud: Cloud, entries: Map<string, LockValue>): void {
  const used = new Map<string, ApiPort>();
  for (const port of cloud.answers.ports) {
    if (port.deviceOwner !== "network:floatingip_agent_gateway") continue;
    const key = resourceKey("network", keyOf(cloud, "network", port.networkId), "agent_gateway", port.host ?? "");
    const other = used.get(key);
    if (other === undefined || (port.status === "ACTIVE" && other.status !== "ACTIVE")) used.set(key, port);
  }
  for (const [key, port] of used) {
    addPort(cloud, entries, key, port);
    const addressed = allocatedAddresses(cloud, port, port.fixedIps).map(({ subnetId }) => subnetId);
    if (!lacksVersion(cloud, port, addressed)) continue;
    entries.set(
      `${key}/subnets`,
      addressed.map((id) => keyOf(cloud, "subnet", id)),
    );
  }
}

/** Whether a network has a version of which a port has no address: a subnet that came after the port. */
function lacksVersion(cloud: Cloud, { networkId, deviceOwner }: ApiPort, addressed: readonly string[]): boolean {
  const isIpv6 = ({ cidr }: ApiSubnet): boolean => cidr.includes(":");
  const subnets = cloud.subnetsOf.get(networkId) ?? [];
  const versions = new Set(subnets.filter(({ id }) => addressed.includes(id)).map(isIpv6));
  return subnets.some((subnet) => {
    const isOpen = subnet.serviceTypes.length === 0 || subnet.serviceTypes.includes(deviceOwner);
    return isOpen && !isAutomaticSubnet(subnet) && !versions.has(isIpv6(subnet));
  });
}

function addRouters(cloud: Cloud, entries: Map<string, LockValue>): void {
  for (const router of cloud.answers.routers) {
    const key = keyOf(cloud, "router", router.id);
    entries.set(`${resourceKey("router", key)}/id`, router.id);
    for (const port of cloud.portsOfDevice.get(router.id) ?? []) {
      if (cloud.memberInterfaces.has(port.id)) addPort(cloud, entries, portKey(cloud, port), port);
      else if (interfaceOwners.has(port.deviceOwner))
        addPort(cloud, entries, resourceKey("router", key, "interface", ...subnetNames(cloud, port)), port);
      else if (port.deviceOwner === "network:router_centralized_snat") {
        addPort(cloud, entries, resourceKey("router", key, "csnat", ...subnetNames(cloud, port)), port);
        setHost(entries, key, port);
      } else if (port.deviceOwner === "network:router_gateway") {
        addPort(cloud, entries, resourceKey("router", key, "gateway"), port);
        setHost(entries, key, port);
      }
    }
    if (!router.distributed) {
      const bound = (cloud.portsOfDevice.get(router.id) ?? []).find((port) => port.host !== undefined);
      if (bound !== undefined) setHost(entries, key, bound);
    }
  }
}

function setHost(entries: Map<string, LockValue>, router: string, port: ApiPort): void {
  if (port.host !== undefined) entries.set(`${resourceKey("router", router)}/host`, port.host);
}

/** Network and subnet of a router port's first address: what its key is made of. */
function subnetNames(cloud: Cloud, port: ApiPort): string[] {
  const subnetId = port.fixedIps[0]?.subnetId;
  const subnet = cloud.subnets.get(subnetId ?? "");
  const network = keyOf(cloud, "network", port.networkId);
  return subnet === undefined ? [network] : [network, keyOf(cloud, "subnet", subnet.id)];
}

function addServersAndPorts(cloud: Cloud, entries: Map<string, LockValue>): void {
  for (const server of cloud.servers) entries.set(`${resourceKey("server", server.key)}/id`, server.id);
  for (const port of cloud.answers.ports) if (!isNetworkPort(port)) addPort(cloud, entries, portKey(cloud, port), port);
}

/** Key in the lock of a port that is a server's or stands alone. */
export function portKey(cloud: Cloud, port: ApiPort): string {
  const server = cloud.serverOfPort.get(port.id);
  if (server === undefined) return resourceKey("port", keyOf(cloud, "port", port.id));
  return resourceKey("port", server.key, String(server.ports.indexOf(port)));
}

function addFloatingIps(cloud: Cloud, floatingIps: FloatingIps, entries: Map<string, LockValue>): void {
  const holders = new Map(
    cloud.answers.ports.filter((port) => port.deviceOwner === "network:floatingip").map((port) => [port.deviceId, port] as const),
  );
  for (const floatingIp of cloud.answers.floatingIps) {
    const server = cloud.serverOfPort.get(floatingIp.portId ?? "");
    const index = server?.ports.findIndex((port) => port.id === floatingIp.portId) ?? 0;
    const name = floatingIps.entries.get(floatingIp.id);
    const key =
      name === undefined ? `${resourceKey("port", server?.key ?? "", String(index))}/floating_ip` : resourceKey("floating_ip", name);
    entries.set(`${key}/id`, floatingIp.id);
    entries.set(`${key}/floating_ip_address`, floatingIp.floatingIpAddress);
    const holder = holders.get(floatingIp.id);
    if (holder === undefined) continue;
    // The holder's IPv4 address is the floating IP; it may have one of IPv6 besides.
    addPort(cloud, entries, `${key}/port`, { ...holder, fixedIps: holder.fixedIps.filter(({ ipAddress }) => ipAddress.includes(":")) });
  }
}

function addPort(cloud: Cloud, entries: Map<string, LockValue>, key: string, port: ApiPort): void {
  entries.set(`${key}/id`, port.id);
  entries.set(`${key}/mac_address`, port.macAddress.toLowerCase());
  const network = keyOf(cloud, "network", port.networkId);
  const onSubnet = new Map<string, number>();
  for (const { subnetId, ipAddress } of allocatedAddresses(cloud, port, port.fixedIps)) {
    const subnet = keyOf(cloud, "subnet", subnetId);
    const earlier = onSubnet.get(subnetId) ?? 0;
    onSubnet.set(subnetId, earlier + 1);
    entries.set(`${key}/fixed_ip/${escapeName(network)}/${escapeName(subnet)}${earlier === 0 ? "" : `/${earlier}`}`, ipAddress);
  }
}
