import type { ResolvedServer, ResolvedTopology } from "../../model/resolved.js";
import { cidrAddress } from "../../net/cidr.js";
import { lastKey } from "../../source/pointer.js";
import type { Machine } from "../../virtual/machine.js";

/** A set of namespaces of the lab. */
export interface LabMachine {
  /** What scripts know it by, from 0. */
  readonly number: number;
  readonly kind: "fabric" | "host" | "server" | "upstream";
  /** Name in the topology; the fabric has none there. */
  readonly name: string;
  /** Where it can be reached: a host's tunnel address, the fixed and floating addresses of a server, those of an upstream router. */
  readonly addresses: readonly string[];
}

/** Name of the machine that has the switches between hosts. */
export const fabricName = "fabric";

/** Every machine of a lab: the fabric first, then hosts, servers and upstream routers in order of declaration. */
export function labMachines(topology: ResolvedTopology, outside: readonly Machine[]): readonly LabMachine[] {
  const kinds = [
    { kind: "fabric" as const, name: fabricName, addresses: [] },
    ...topology.hosts.map(({ name, localIp }) => ({ kind: "host" as const, name, addresses: localIp === undefined ? [] : [localIp] })),
    ...topology.servers.map((server) => ({
      kind: "server" as const,
      name: lastKey(server.pointer),
      addresses: serverAddresses(server, topology),
    })),
    ...outside.map((router) => ({ kind: "upstream" as const, name: router.name, addresses: routerAddresses(router) })),
  ];
  return kinds.map((machine, number) => ({ number, ...machine }));
}

function serverAddresses(server: ResolvedServer, { floatingIps }: ResolvedTopology): readonly string[] {
  const fixed = server.ports.flatMap(({ fixedIps }) => fixedIps.map(({ ip }) => ip));
  return [...fixed, ...floatingIps.filter(({ target }) => target?.port.server === server).map(({ ip }) => ip)];
}

function routerAddresses({ namespace }: Machine): readonly string[] {
  const addresses = namespace.devices.flatMap((device) => device.addresses);
  return addresses.flatMap(({ cidr, scope }) => (scope === "global" ? [cidrAddress(cidr)] : []));
}

/** Names of machines for people, to choose among: the first that has a name is meant. */
export function findMachine(machines: readonly LabMachine[], name: string): LabMachine | undefined {
  return (
    machines.find((machine) => machine.kind !== "fabric" && machine.name === name) ?? machines.find((machine) => machine.name === name)
  );
}

/** The host name that a machine gives itself; its name where the kernel and a shell's prompt can take it. */
export function hostNameOf({ name, number }: LabMachine): string {
  return /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(name) ? name : `m${number}`;
}
