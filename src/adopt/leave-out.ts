import { groupBy } from "../base/group-by.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { Answers, ApiFloatingIp, ApiNetwork, ApiPort, ApiRouter } from "./answers.js";
import type { AnswerRecord } from "./record.js";

/** Types of networks that dvrc models. */
const networkTypes: ReadonlySet<string> = new Set(["vxlan", "gre", "geneve", "vlan", "flat"]);

/** Types of bindings of ports that are on br-int, or nowhere. */
const vifTypes: ReadonlySet<string> = new Set(["ovs", "vhostuser", "distributed", "unbound", "binding_failed"]);

/** Owners of the ports that the server makes for itself and that dvrc models. */
const serverOwners: ReadonlySet<string> = new Set([
  "network:router_interface",
  "network:router_interface_distributed",
  "network:router_centralized_snat",
  "network:router_gateway",
  "network:dhcp",
  "network:floatingip",
  "network:floatingip_agent_gateway",
]);

/**
 * The answers without what dvrc does not model, and without what goes with it: HA routers and those that are switched off with their ports, networks of
 * other types with all that is on them, ports of other services. A floating IP whose router is left out stays as an address that nobody has.
 *
 * Each is told, and how much goes with it.
 */
export function leaveOut(answers: Answers, diagnostics: Diagnostic[]): Answers {
  return new LeavingOut(answers, diagnostics).rest();
}

class LeavingOut {
  readonly #networks = new Set<string>();
  readonly #routers = new Set<string>();
  /** Hosts with an Open vSwitch agent. */
  readonly #hosts: ReadonlySet<string>;
  /** Hosts whose L3 agent takes parts of distributed routers. */
  readonly #dvrHosts: ReadonlySet<string>;
  readonly #distributed: ReadonlySet<string>;
  readonly #hostOfPort: ReadonlyMap<string, string | undefined>;
  readonly #portsOn: ReadonlyMap<string, readonly ApiPort[]>;
  readonly #portsOf: ReadonlyMap<string, readonly ApiPort[]>;

  constructor(
    readonly answers: Answers,
    readonly diagnostics: Diagnostic[],
  ) {
    this.#hosts = new Set(answers.agents.filter(({ type }) => type === "Open vSwitch agent").map(({ host }) => host));
    const routing = answers.agents.filter(({ type }) => type === "L3 agent");
    this.#dvrHosts = new Set(
      routing.flatMap(({ host, configurations }) => (isDvrMode(configurations.optionalText("agent_mode")) ? host : [])),
    );
    this.#distributed = new Set(answers.routers.flatMap(({ id, distributed }) => (distributed ? id : [])));
    this.#hostOfPort = new Map(answers.ports.map(({ id, host }) => [id, host]));
    this.#portsOn = groupBy(answers.ports, (port) => port.networkId);
    this.#portsOf = groupBy(answers.ports, (port) => port.deviceId);
  }

  rest(): Answers {
    const { answers } = this;
    for (const network of answers.networks) this.#network(network);
    for (const router of answers.routers) this.#router(router);
    this.#attributes();
    const ports = answers.ports.filter((port) => this.#keepsPort(port)).map((port) => this.#bound(port));
    const kept = new Set(ports.map((port) => port.id));
    const all = new Set(answers.ports.map((port) => port.id));
    return {
      ...answers,
      networks: answers.networks.filter(({ id }) => !this.#networks.has(id)),
      subnets: answers.subnets.filter(({ networkId }) => !this.#networks.has(networkId)),
      ports,
      routers: answers.routers.flatMap((router) => (this.#routers.has(router.id) ? [] : [this.#withoutGateway(router)])),
      floatingIps: answers.floatingIps.flatMap((floatingIp) => this.#floatingIp(floatingIp, kept, all) ?? []),
    };
  }

  #network(network: ApiNetwork): void {
    const { networkType } = network;
    const hasSegments = network.record.has("segments");
    // One without a type is told where it is read: the answers are not an administrator's.
    if ((networkType === undefined && !hasSegments) || networkTypes.has(networkType ?? "")) return;
    this.#networks.add(network.id);
    const more = (this.#portsOn.get(network.id) ?? []).length;
    const kind = networkType === undefined ? "several segments" : `type ${networkType}`;
    this.#tell("network", network, `networks of ${kind} are not modelled, and its ${more} ports go with it`);
  }

  #router(router: ApiRouter): void {
    const isUp = router.record.boolean("admin_state_up", true);
    if (!router.ha && isUp) return;
    this.#routers.add(router.id);
    const more = (this.#portsOf.get(router.id) ?? []).length;
    // Source: Neutron `L3AgentSchedulerDbMixin._get_active_l3_agent_routers_sync_data`: agents are told of active routers only.
    const reason = router.ha ? "HA routers are not modelled" : "it is switched off, so that no agent has it";
    this.#tell("router", router, `${reason}, and its ${more} ports go with it`);
  }

  /** What hosts program for attributes that dvrc does not know. */
  #attributes(): void {
    const { networks, ports, routers, floatingIps } = this.answers;
    for (const resource of [...networks, ...ports]) {
      if (resource.record.optionalText("qos_policy_id") === undefined) continue;
      this.#tell(`QoS policy of ${resource.record.what}`, resource, "quality of service is not modelled");
    }
    for (const port of ports) {
      const trunk = port.record.record("trunk_details")?.optionalText("trunk_id");
      if (trunk !== undefined)
        this.#tell("trunk of port", port, "trunks are not modelled: the port is taken for one without, as are its subports");
    }
    for (const network of networks) {
      if (!network.record.boolean("admin_state_up", true))
        this.#tell("state of network", network, "networks that are switched off are not modelled");
    }
    for (const router of routers) {
      if (router.record.records("external_gateways").length > 1)
        this.#tell("further gateways of router", router, "one gateway alone is modelled");
    }
    for (const floatingIp of floatingIps) {
      if (floatingIp.record.records("port_forwardings").length > 0)
        this.#tell("port forwarding of floating IP", floatingIp, "it is not modelled");
    }
  }

  #keepsPort(port: ApiPort): boolean {
    if (this.#networks.has(port.networkId) || this.#routers.has(port.deviceId)) return false;
    if (!port.deviceOwner.startsWith("network:") || serverOwners.has(port.deviceOwner)) return true;
    this.#tell("port", port, `ports of ${port.deviceOwner} are not modelled`);
    return false;
  }

  /** A port on a host that dvrc does not know is as good as unbound: nothing is programmed for it. */
  #bound(port: ApiPort): ApiPort {
    if (port.host === undefined) return port;
    const isOther = port.vifType !== undefined && !vifTypes.has(port.vifType);
    if (this.#hosts.has(port.host) && !isOther) return port;
    const reason = isOther ? `its type is ${port.vifType}` : `host "${port.host}" has no Open vSwitch agent`;
    this.#tell("binding of port", port, reason);
    return { ...port, host: undefined, vifType: "unbound" };
  }

  #withoutGateway(router: ApiRouter): ApiRouter {
    const { gateway } = router;
    if (gateway === undefined || !this.#networks.has(gateway.networkId)) return router;
    this.#tell("gateway of router", router, "its network is left out");
    return { ...router, gateway: undefined };
  }

  #floatingIp(floatingIp: ApiFloatingIp, kept: ReadonlySet<string>, all: ReadonlySet<string>): ApiFloatingIp | undefined {
    if (this.#networks.has(floatingIp.floatingNetworkId)) {
      this.#tell("floating IP", floatingIp, "its network is left out");
      return undefined;
    }
    const { portId, routerId } = floatingIp;
    const isServed = !this.#routers.has(routerId ?? "") && (portId === undefined || kept.has(portId) || !all.has(portId));
    const reason = isServed ? this.#strandedBy(floatingIp) : "its router or port is left out";
    if (reason === undefined) return floatingIp;
    this.#tell("association of floating IP", floatingIp, reason);
    return { ...floatingIp, portId: undefined, fixedIpAddress: undefined, routerId: undefined };
  }

  /**
   * Why no host serves a floating IP of a distributed router: the one that its port is bound to never has the router.
   *
   * Source: Neutron `L3_NAT_with_dvr_db_mixin._get_dvr_sync_data`, which tells such a floating IP to no agent.
   */
  #strandedBy({ portId, routerId }: ApiFloatingIp): string | undefined {
    const host = this.#hostOfPort.get(portId ?? "");
    if (host === undefined || this.#dvrHosts.has(host) || !this.#distributed.has(routerId ?? "")) return undefined;
    return `its port is on host "${host}", which has no L3 agent for distributed routers`;
  }

  #tell(what: string, { id, record }: { readonly id: string; readonly record: AnswerRecord }, reason: string): void {
    this.diagnostics.push(report("left-out", { what, id, reason }, record.span()));
  }
}

/** True for modes of L3 agents that take parts of distributed routers. Source: neutron_lib `constants.L3_AGENT_MODE_DVR` and those that begin with it. */
function isDvrMode(mode: string | undefined): boolean {
  return mode?.startsWith("dvr") === true;
}
