import type { Topology } from "../model/topology.js";
import type { Ip } from "../net/ip.js";
import { type Pointer, pointerTo } from "../source/pointer.js";
import { cidrContains } from "../net/cidr.js";
import { clause, describeFloatingIp, describePort } from "./describe.js";
import type { Facts } from "./facts.js";

/** Something that has a certain address of a subnet. */
export interface AddressHolder {
  readonly kind: "interface" | "gateway" | "port" | "floating-ip";
  /** In words, for the middle of a sentence. */
  readonly text: string;
  /** Where the address is written, or the thing that has it by default. */
  readonly pointer: Pointer;
  /** Key of the subnet. */
  readonly subnet: string;
  readonly address: Ip;
  /** Key of the port, where the holder is one. */
  readonly port?: string;
}

/** Every address that the topology pins, and the router interfaces that take their subnet's gateway. */
export function* addressHolders(topology: Topology, facts: Facts): Iterable<AddressHolder> {
  for (const { router, interface: declared, subnet, address, pointer } of facts.attachments) {
    if (address === undefined) continue;
    const place = declared.ipAddress === undefined ? pointer : pointerTo(declared.pointer, "ip_address");
    yield { kind: "interface", text: `an interface of router "${router.key}"`, pointer: place, subnet: subnet.key, address };
  }
  for (const { key, gateway } of topology.routers.values()) {
    for (const { pointer, subnet, ipAddress: address } of gateway?.externalFixedIps ?? []) {
      if (address === undefined || subnet === undefined) continue;
      yield {
        kind: "gateway",
        text: `the gateway of router "${key}"`,
        pointer: pointerTo(pointer, "ip_address"),
        subnet: subnet.key,
        address,
      };
    }
  }
  for (const port of topology.ports.values()) {
    if (facts.routerOfPort.has(port.key)) continue;
    for (const { pointer, subnet, ipAddress: address } of port.fixedIps) {
      if (address === undefined || subnet === undefined) continue;
      const place = subnet.pointer.startsWith(`${pointer}/`) ? pointerTo(pointer, "ip_address") : pointer;
      yield { kind: "port", text: describePort(port), pointer: place, subnet: subnet.key, address, port: port.key };
    }
  }
  for (const floatingIp of topology.floatingIps.values()) {
    const address = floatingIp.floatingIpAddress;
    const network = topology.networks.get(floatingIp.network?.key ?? "");
    if (address === undefined || network === undefined) continue;
    const subnet = network.subnets.find(({ cidr }) => cidrContains(cidr, address));
    const own = floatingIp.pointer.startsWith("/floating_ips/");
    const pointer = own ? pointerTo(floatingIp.pointer, "floating_ip_address") : floatingIp.pointer;
    if (subnet !== undefined)
      yield { kind: "floating-ip", text: clause(describeFloatingIp(floatingIp)), pointer, subnet: subnet.key, address };
  }
}
