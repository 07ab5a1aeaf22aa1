import type { CompiledHost } from "../../compile.js";
import { planCloud } from "../../console/cloud.js";
import { printArtefacts } from "../../emit/layout.js";
import type { ResolvedTopology } from "../../model/resolved.js";
import { lastKey } from "../../source/pointer.js";
import { type Cabling, planCabling, type TunnelEnd, tunnelEnds } from "./cables.js";
import { type LabMachine, labMachines } from "./machines.js";
import { type MachineSetup, setUpServer } from "./servers.js";
import { type DhcpService, dhcpServices, type MetadataService, metadataServices } from "./services.js";

/** A host of the lab, and all that is done to it. */
export interface LabHost {
  readonly name: string;
  readonly dhcp: readonly DhcpService[];
  readonly metadata: readonly MetadataService[];
  readonly isHybrid: boolean;
}

/** All of a lab before anything of it runs. */
export interface LabPlan {
  readonly machines: readonly LabMachine[];
  readonly cabling: Cabling;
  readonly tunnels: readonly TunnelEnd[];
  readonly hosts: readonly LabHost[];
  /** Servers and upstream routers. */
  readonly setups: readonly MachineSetup[];
  /** Text of every host's artefacts by path, `<host>/br-int.flows`. */
  readonly artefacts: ReadonlyMap<string, string>;
}

/**
 * Plans a lab of compiled hosts. Servers and upstream routers are the simulation's, so that both worlds have the same outside.
 *
 * Shape: `compiled` has every host of the topology.
 */
export function planLab(topology: ResolvedTopology, compiled: ReadonlyMap<string, CompiledHost>): LabPlan {
  const { plan } = planCloud(topology, (host) => compiled.get(host)?.state);
  const hosts = [...compiled.values()];
  const views = hosts.map(({ view }) => view);
  const machines = labMachines(topology, plan.outside);
  const servers = topology.servers.flatMap((server) => {
    const machine = plan.machine(lastKey(server.pointer));
    return machine === undefined ? [] : [{ server, machine }];
  });
  return {
    machines,
    cabling: planCabling({
      machines,
      views,
      servers: servers.map(({ machine }) => machine),
      outside: plan.outside,
      physicalMtu: Math.max(1500, topology.server.globalPhysnetMtu),
    }),
    tunnels: tunnelEnds(machines, views),
    hosts: hosts.map(({ view, state }) => ({
      name: view.host.name,
      dhcp: dhcpServices(view),
      metadata: metadataServices(state),
      isHybrid: view.host.agent.firewallDriver === "iptables_hybrid",
    })),
    setups: [
      ...servers.map(({ server, machine }) => setUpServer(machine, server, views)),
      ...plan.outside.map((machine) => ({ machine, dhcp: [] })),
    ],
    artefacts: new Map(hosts.flatMap(({ state }) => printArtefacts(state).map(({ path, text }) => [path, text] as const))),
  };
}
