import type { RouterDocument, ServerDocument, ServerNetworkDocument, TopologyDocument } from "../../src/dsl/types.generated.js";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A topology that a test edits. */
export type CloudDraft = Draft<TopologyDocument>;

type Edit = (cloud: CloudDraft, seed: number) => void;

type Section = "hosts" | "networks" | "routers" | "servers" | "security_groups" | "floating_ips" | "address_groups";

const edits: readonly Edit[] = [
  // Servers.
  (cloud, seed) => {
    const tenant = `tenant-${1 + (seed % 2)}`;
    const server = { project_id: tenant, host: pick(cloud.hosts, seed)[0], networks: [`${tenant}-${seed % 3 === 0 ? "b" : "a"}`] };
    put(cloud, "servers", `extra-${seed}`, seed % 4 === 0 ? { ...server, floating_ip: true } : server);
  },
  (cloud, seed) => drop(cloud, "servers", seed),
  (cloud, seed) => changeServer(cloud, seed, (server) => ({ ...server, host: pick(cloud.hosts, seed + 1)[0] })),
  (cloud, seed) =>
    changeServer(cloud, seed, ({ floating_ip: old, ...server }) => (old === undefined ? { ...server, floating_ip: true } : server)),
  (cloud, seed) => changeServer(cloud, seed, (server) => ({ ...server, security_groups: [pick(cloud.security_groups, seed)[0]] })),
  (cloud, seed) =>
    changeServer(cloud, seed, (server) => ({ ...server, networks: [...(server.networks ?? []), pick(cloud.networks, seed)[0]] })),
  (cloud, seed) => changePort(cloud, seed, { fixed_ip: `10.0.${seed % 4}.${50 + (seed % 100)}` }),
  (cloud, seed) =>
    changePort(cloud, seed, { allowed_address_pairs: [{ ip_address: `10.0.0.${100 + (seed % 50)}`, mac_address: "fa:16:3e:aa:00:01" }] }),
  (cloud, seed) => changePort(cloud, seed, { mac_address: `fa:16:3e:bb:00:${String(10 + (seed % 80))}` }),
  (cloud, seed) => changePort(cloud, seed, { port_security_enabled: false, security_groups: [] }),
  (cloud, seed) => reorder(cloud, "servers", seed),
  // Networks and subnets.
  (cloud, seed) => {
    const tenant = `tenant-${1 + (seed % 2)}`;
    put(cloud, "networks", `more-${seed}`, { project_id: tenant, subnets: { [`more-${seed}-v4`]: { cidr: `10.1.${seed % 250}.0/24` } } });
    changeRouter(cloud, seed, (router) => ({ ...router, interfaces: [...(router.interfaces ?? []), `more-${seed}-v4`] }));
  },
  (cloud, seed) => {
    const [name, network] = pick(cloud.networks, seed);
    const subnets = Object.fromEntries(
      Object.entries(network.subnets ?? {}).map(([key, subnet]) => [
        key,
        { ...subnet, dns_nameservers: ["192.0.2.53"], enable_dhcp: seed % 2 === 0 },
      ]),
    );
    put(cloud, "networks", name, { ...network, subnets });
  },
  (cloud, seed) => {
    const [name, network] = pick(cloud.networks, seed);
    const six = { cidr: `2001:db8:${seed}::/64`, ipv6_ra_mode: "slaac" as const, ipv6_address_mode: "slaac" as const };
    put(cloud, "networks", name, { ...network, subnets: { ...network.subnets, [`six-${seed}`]: six } });
    changeRouter(cloud, seed, (router) => ({ ...router, interfaces: [...(router.interfaces ?? []), `six-${seed}`] }));
  },
  (cloud, seed) => {
    const [name, network] = pick(cloud.networks, seed);
    put(cloud, "networks", name, { ...network, mtu: 1300 + (seed % 50) });
  },
  (cloud, seed) => drop(cloud, "networks", seed),
  (cloud, seed) => reorder(cloud, "networks", seed),
  // Routers.
  (cloud, seed) => changeRouter(cloud, seed, (router) => ({ ...router, interfaces: (router.interfaces ?? []).slice(1) })),
  (cloud, seed) => changeRouter(cloud, seed, (router) => ({ ...router, distributed: router.distributed !== true })),
  (cloud, seed) =>
    changeRouter(cloud, seed, (router) => ({
      ...router,
      routes: [{ destination: `203.0.113.${4 * (seed % 60)}/30`, nexthop: `10.0.${seed % 4}.9` }],
    })),
  (cloud, seed) =>
    changeRouter(cloud, seed, ({ external_gateway: _, ...router }) => ({
      ...router,
      ...(seed % 3 === 0 ? {} : { external_gateway_info: { network: "public", enable_snat: seed % 3 === 1 } }),
    })),
  (cloud, seed) => {
    put(cloud, "routers", `outer-${seed % 3}`, { project_id: `tenant-${1 + (seed % 2)}`, distributed: true, interfaces: ["public-v4"] });
  },
  (cloud, seed) => drop(cloud, "routers", seed),
  // Security groups.
  (cloud, seed) => {
    const [name, group] = pick(cloud.security_groups, seed);
    const remote = pick(cloud.security_groups, seed >> 1)[0];
    const rule = seed % 2 === 0 ? { protocol: "udp", port: 1 + seed } : { protocol: "tcp", port: 1 + seed, remote_group: remote };
    put(cloud, "security_groups", name, { ...group, rules: [...(group.rules ?? []), rule] });
  },
  (cloud, seed) => {
    const [name, group] = pick(cloud.security_groups, seed);
    put(cloud, "security_groups", name, { ...group, rules: (group.rules ?? []).slice(1).reverse() });
  },
  (cloud, seed) => {
    const name = `block-${seed % 2}`;
    put(cloud, "address_groups", name, { addresses: [`192.0.2.${8 * (seed % 32)}/29`, `2001:db8:${seed % 9}::/48`] });
    const [group, { rules, ...other }] = pick(cloud.security_groups, seed >> 1);
    const rule = { ethertype: seed % 3 === 0 ? ("IPv6" as const) : ("IPv4" as const), protocol: "tcp", port: 1000 + (seed % 5) };
    put(cloud, "security_groups", group, { ...other, rules: [...(rules ?? []), { ...rule, remote_address_group: name }] });
  },
  (cloud, seed) => {
    const [name, group] = pick(cloud.security_groups, seed);
    put(cloud, "security_groups", name, { ...group, stateful: group.stateful === false });
  },
  // Hosts.
  (cloud, seed) => {
    const address = `172.24.1.${1 + (seed % 200)}`;
    put(cloud, "hosts", `compute-more-${seed % 3}`, { agent_mode: "dvr", local_ip: address, bridge_mappings: { extnet: "br-ex" } });
  },
  (cloud, seed) => drop(cloud, "hosts", seed),
  (cloud, seed) => {
    const [name, host] = pick(cloud.hosts, seed);
    put(cloud, "hosts", name, { ...host, local_ip: `172.24.2.${1 + (seed % 200)}` });
  },
  (cloud, seed) => {
    const [name, host] = pick(cloud.hosts, seed);
    put(cloud, "hosts", name, { ...host, agent: { ...host.agent, l2_population: seed % 2 === 0, arp_responder: seed % 2 === 0 } });
  },
  (cloud, seed) => {
    const [name, host] = pick(cloud.hosts, seed);
    put(cloud, "hosts", name, { ...host, agent: { ...host.agent, firewall_driver: seed % 2 === 0 ? "openvswitch" : "iptables_hybrid" } });
  },
  (cloud, seed) => reorder(cloud, "hosts", seed),
  // The whole cloud.
  (cloud, seed) => {
    cloud.release = seed % 2 === 0 ? "zed" : "2025.1";
  },
];

/** How many edits there are. */
export const editCount = edits.length;

/** Does one of the edits to a synthetic cloud, somewhere that the seed says; what comes out need not make sense. */
export function editCloud(cloud: CloudDraft, edit: number, seed: number): void {
  edits[edit]?.(cloud, seed);
}

function pick<T>(section: Readonly<Record<string, T>> | undefined, seed: number): readonly [string, T] {
  const entries = Object.entries(section ?? {});
  const entry = entries[seed % entries.length];
  if (entry === undefined) throw new Error("nothing is left to pick");
  return entry;
}

function put<S extends Section>(cloud: CloudDraft, section: S, name: string, value: NonNullable<CloudDraft[S]>[string]): void {
  cloud[section] = { ...cloud[section], [name]: value };
}

/** The last of a section stays. */
function drop(cloud: CloudDraft, section: Section, seed: number): void {
  const entries = Object.entries(cloud[section] ?? {});
  if (entries.length > 1) entries.splice(seed % entries.length, 1);
  (cloud as Record<Section, unknown>)[section] = Object.fromEntries(entries);
}

function reorder(cloud: CloudDraft, section: Section, seed: number): void {
  const entries = Object.entries(cloud[section] ?? {});
  entries.push(...entries.splice(0, seed % Math.max(1, entries.length)));
  (cloud as Record<Section, unknown>)[section] = Object.fromEntries(entries);
}

function changeServer(cloud: CloudDraft, seed: number, change: (server: ServerDocument) => ServerDocument): void {
  const [name, server] = pick(cloud.servers, seed);
  put(cloud, "servers", name, change(server));
}

function changePort(cloud: CloudDraft, seed: number, more: Partial<ServerNetworkDocument>): void {
  changeServer(cloud, seed, ({ security_groups: _, ...server }) => ({
    ...server,
    networks: (server.networks ?? []).map((network) => (typeof network === "string" ? { network, ...more } : network)),
  }));
}

function changeRouter(cloud: CloudDraft, seed: number, change: (router: RouterDocument) => RouterDocument): void {
  const [name, router] = pick(cloud.routers, seed);
  put(cloud, "routers", name, change(router));
}
