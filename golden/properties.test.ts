import fc from "fast-check";
import { expect, it } from "vitest";
import { defined } from "../src/base/invariant.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import type { ResolvedPort, ResolvedServer } from "../src/model/resolved.js";
import type { Ip } from "../src/net/ip.js";
import { type Probe, walk, type Walk } from "../src/virtual/walk.js";
import { type CompiledExample, compileDocument } from "./tools/replay.js";

/** A made-up cloud: what is chosen at random. Routers are numbers; a network without one is alone. */
interface Cloud {
  readonly release: string;
  readonly firewall: "noop" | "openvswitch" | "iptables_hybrid";
  readonly tenantType: "vxlan" | "vlan";
  readonly computes: number;
  readonly networks: readonly { readonly router: number | undefined }[];
  readonly routers: readonly { readonly distributed: boolean; readonly gateway: boolean }[];
  readonly servers: readonly { readonly host: number; readonly network: number; readonly floatingIp: boolean }[];
  readonly openPort: number | undefined;
  readonly icmp: boolean;
}

const cloud: fc.Arbitrary<Cloud> = fc
  .record({
    release: fc.constantFrom("newton", "zed", "2026.1"),
    firewall: fc.constantFrom("noop" as const, "openvswitch" as const, "iptables_hybrid" as const),
    tenantType: fc.constantFrom("vxlan" as const, "vlan" as const),
    computes: fc.integer({ min: 1, max: 3 }),
    networks: fc.array(fc.record({ router: fc.option(fc.nat(1), { nil: undefined }) }), { minLength: 1, maxLength: 3 }),
    routers: fc.tuple(
      fc.record({ distributed: fc.boolean(), gateway: fc.boolean() }),
      fc.record({ distributed: fc.boolean(), gateway: fc.boolean() }),
    ),
    servers: fc.array(fc.record({ host: fc.nat(2), network: fc.nat(2), floatingIp: fc.boolean() }), { minLength: 2, maxLength: 5 }),
    openPort: fc.option(fc.constantFrom(22, 80, 8080), { nil: undefined }),
    icmp: fc.boolean(),
  })
  .map((made) => ({
    ...made,
    servers: made.servers.map((server) => ({
      ...server,
      host: server.host % made.computes,
      network: server.network % made.networks.length,
    })),
  }));

/** Ports that probes try. */
const probedPorts = [22, 80] as const;

function documentOf(made: Cloud): TopologyDocument {
  const mappings = { extnet: "br-ex", ...(made.tenantType === "vlan" ? { tenants: "br-vlan" } : {}) };
  const host = (n: number) => ({ local_ip: `192.0.2.${n}`, bridge_mappings: mappings });
  const numbered = <T, U>(items: readonly T[], prefix: string, value: (item: T, n: number) => U | undefined) =>
    Object.fromEntries(items.flatMap((item, n) => (value(item, n) === undefined ? [] : [[`${prefix}-${n}`, value(item, n) as U]])));
  const interfaces = (router: number) => made.networks.flatMap((network, n) => (network.router === router ? [`sub-${n}`] : []));
  const rules = [
    ...(made.openPort === undefined ? [] : [{ direction: "ingress" as const, protocol: "tcp", port: made.openPort }]),
    ...(made.icmp ? [{ direction: "ingress" as const, protocol: "icmp" }] : []),
  ];
  return {
    name: "random",
    release: made.release as NonNullable<TopologyDocument["release"]>,
    agent: { firewall_driver: made.firewall },
    ...(made.tenantType === "vlan"
      ? { neutron: { tenant_network_type: "vlan" as const, network_vlan_ranges: { tenants: [100, 199] as const } } }
      : {}),
    hosts: {
      "network-1": { agent_mode: "dvr_snat", ...host(100) },
      ...Object.fromEntries(
        Array.from({ length: made.computes }, (_, n) => [`compute-${n}`, { agent_mode: "dvr" as const, ...host(n + 1) }]),
      ),
    },
    networks: {
      ...numbered(made.networks, "net", (_, n) => ({ subnets: { [`sub-${n}`]: { cidr: `10.7.${n}.0/24` } } })),
      public: {
        "router:external": true,
        "provider:network_type": "flat",
        "provider:physical_network": "extnet",
        subnets: { outside: { cidr: "198.51.100.0/24", enable_dhcp: false } },
      },
    },
    routers: numbered(made.routers, "router", ({ distributed, gateway }, n) =>
      interfaces(n).length === 0
        ? undefined
        : { distributed, interfaces: interfaces(n), ...(gateway ? { external_gateway: "public" } : {}) },
    ),
    security_groups: { filter: { rules } },
    servers: numbered(made.servers, "vm", (server) => ({
      host: `compute-${server.host}`,
      networks: [`net-${server.network}`],
      security_groups: ["filter"],
      ...(server.floatingIp && hasGateway(made, server.network) ? { floating_ip: true as const } : {}),
    })),
  };
}

function routerOf(made: Cloud, network: number): Cloud["routers"][number] | undefined {
  const router = made.networks[network]?.router;
  return router === undefined ? undefined : made.routers[router];
}

function hasGateway(made: Cloud, network: number): boolean {
  return routerOf(made, network)?.gateway === true;
}

function allows(made: Cloud, probe: Probe): boolean {
  if (made.firewall === "noop") return true;
  return probe.protocol === "icmp" ? made.icmp : probe.protocol === "tcp" && probe.port === made.openPort;
}

const probes: readonly Probe[] = [{ protocol: "icmp" }, ...probedPorts.map((port) => ({ protocol: "tcp" as const, port }))];

/** Walks on fresh virtual hosts. Watches that no frame leaves a host with the MAC of a distributed router. */
function run({ scene, topology }: CompiledExample, from: string, to: Ip, probe: Probe): Walk {
  const { world } = scene(undefined, { lazy: true });
  const routerMacs = new Set(
    topology.ports.flatMap((port) => (port.deviceOwner === "network:router_interface_distributed" ? [port.mac] : [])),
  );
  world.watchHosts((host, frame) => {
    if (routerMacs.has(frame.source)) throw new Error(`a frame leaves ${host} with the router's MAC ${frame.source}`);
  });
  return walk(world, defined(world.machine(from), from), to, probe);
}

function portOf(server: ResolvedServer): ResolvedPort {
  return defined(server.ports[0], "port");
}

function addressOf(server: ResolvedServer): Ip {
  return defined(portOf(server).fixedIps[0], "address").ip;
}

/** Hosts on the way of both legs, questions for addresses apart. */
function hostsOnTheWay({ there, back }: Walk): ReadonlySet<string> {
  return new Set([...there.steps, ...(back?.steps ?? [])].flatMap(({ place }) => (place.host === undefined ? [] : [place.host])));
}

/** A loop would pass a tunnel, or a namespace, again and again. */
function longest({ there, back }: Walk): number {
  return Math.max(there.steps.length, back?.steps.length ?? 0);
}

const runs = { numRuns: 20, seed: 20_161_013 };

it("delivers between servers what routing and filters allow, and nothing else", () => {
  fc.assert(
    fc.property(cloud, (made) => {
      const compiled = compileDocument(documentOf(made));
      for (const [index, server] of compiled.topology.servers.entries()) {
        const other = compiled.topology.servers[(index + 1) % compiled.topology.servers.length];
        const [a, b] = [made.servers[index], made.servers[(index + 1) % made.servers.length]];
        if (other === undefined || a === undefined || b === undefined || other === server) continue;
        const router = routerOf(made, a.network);
        const sameNetwork = a.network === b.network;
        const routed = router !== undefined && made.networks[a.network]?.router === made.networks[b.network]?.router;
        for (const probe of probes) {
          const result = run(compiled, server.name, addressOf(other), probe);
          const title = `${server.name} to ${other.name} ${JSON.stringify(probe)}`;
          expect(result.delivered, title).toBe((sameNetwork || routed) && allows(made, probe));
          expect(longest(result), title).toBeLessThan(120);
          if (result.delivered && (sameNetwork || router?.distributed === true)) {
            expect(hostsOnTheWay(result).has("network-1"), `${title} by the network host`).toBe(false);
          }
        }
      }
    }),
    runs,
  );
});

it("serves a floating IP on its server's host, and takes back its translation on the way back", () => {
  fc.assert(
    fc.property(cloud, (made) => {
      const compiled = compileDocument(documentOf(made));
      for (const { ip, target } of compiled.topology.floatingIps) {
        const server = defined(target?.port.server, "server");
        const index = compiled.topology.servers.indexOf(server);
        const distributed = routerOf(made, defined(made.servers[index], "server").network)?.distributed === true;
        for (const probe of probes) {
          const inward = run(compiled, "upstream-public", ip, probe);
          const title = `${ip} ${JSON.stringify(probe)}`;
          expect(inward.delivered, title).toBe(allows(made, probe));
          if (inward.back !== undefined && inward.delivered) expect(inward.back.subject).toContain(addressOf(server));
          if (distributed) expect(hostsOnTheWay(inward).has("network-1"), title).toBe(false);
        }
        const outward = run(compiled, server.name, defined(compiled.topology.networks.at(-1)?.subnets[0]?.gatewayIp, "gateway"), {
          protocol: "icmp",
        });
        expect(outward.delivered).toBe(true);
        expect(outward.back?.subject).toContain(`> ${ip}`);
        if (distributed) expect(hostsOnTheWay(outward).has("network-1")).toBe(false);
      }
    }),
    runs,
  );
});
