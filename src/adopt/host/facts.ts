import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { Flow } from "../../ir/flow.js";
import type { HostState } from "../../ir/host-state.js";
import type { IptablesRule } from "../../ir/iptables.js";
import type { Device, Namespace } from "../../ir/namespace.js";
import type { IpVersion } from "../../net/ip.js";
import type { Mac } from "../../net/mac.js";

/** A dumped host with an index for the look-ups of adoption. */
export interface DumpedHost {
  readonly state: HostState;
  bridge(name: string): Bridge | undefined;
  port(bridge: string, name: string): BridgePort | undefined;
  /** Flows of a table, in order of the dump. */
  flows(bridge: string, table: number): readonly Flow[];
  namespace(name: string): Namespace | undefined;
  device(namespace: string, name: string): Device | undefined;
  /** Rules of a chain; empty where there is none. */
  chain(namespace: string, version: IpVersion, table: string, chain: string): readonly IptablesRule[];
}

/** Indexes a dumped host. */
export function dumpedHost(state: HostState): DumpedHost {
  const bridges = new Map(state.bridges.map((bridge) => [bridge.name, bridge]));
  const namespaces = new Map(state.namespaces.map((namespace) => [namespace.name, namespace]));
  const ports = new Map(state.bridges.flatMap((bridge) => bridge.ports.map((port) => [`${bridge.name} ${port.name}`, port] as const)));
  const flows = new Map<string, Flow[]>();
  for (const bridge of state.bridges) {
    for (const flow of bridge.flows) {
      const key = `${bridge.name} ${flow.table}`;
      const known = flows.get(key);
      if (known === undefined) flows.set(key, [flow]);
      else known.push(flow);
    }
  }
  return {
    state,
    bridge: (name) => bridges.get(name),
    port: (bridge, name) => ports.get(`${bridge} ${name}`),
    flows: (bridge, table) => flows.get(`${bridge} ${table}`) ?? [],
    namespace: (name) => namespaces.get(name),
    device: (namespace, name) => namespaces.get(namespace)?.devices.find((device) => device.name === name),
    chain(namespace, version, table, name) {
      const tables = namespaces.get(namespace)?.[version === 4 ? "iptables" : "ip6tables"];
      const found = tables?.find((one) => one.name === table);
      return found?.chains.find((chain) => chain.name === name)?.rules ?? [];
    },
  };
}

/** The MAC that a flow sets as a field's new value. */
export function macSetBy(flow: Flow, field: "ethSrc" | "ethDst"): Mac | undefined {
  for (const action of flow.actions) {
    if (action.kind === "set-field" && action.field === field) return action.value;
  }
  return undefined;
}
