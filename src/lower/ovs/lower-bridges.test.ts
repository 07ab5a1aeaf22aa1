import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { AgentOptions } from "../../model/agent-options.js";
import type { HostView, WiredPort } from "../../model/host-view.js";
import { findRelease, releases } from "../../releases/index.js";
import { flowLines } from "../../testing/expect-flows.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPhysicalBridge, aPort, aSubnet, aTunnel, wire } from "../../testing/host-view.js";
import { lowerBridges } from "./lower-bridges.js";
import { ovsLowerings } from "./lowerings.js";

const tenant = aNetwork("tenant", "vxlan", { segmentationId: 500, mtu: 1400 });
const subnet = aSubnet(tenant, "sub", "10.20.0.0/24", "10.20.0.1");
const beta = aHost("beta", "192.0.2.2");

function view(agent: Partial<AgentOptions> = {}, parts: Parameters<typeof aHostView>[1] = {}): HostView {
  const host = aHost("alpha", "192.0.2.1", agent, "fa:16:3f:00:00:aa");
  const server = wire(aPort("web", "fa:16:3e:00:02:02", [[subnet, "10.20.0.5"]]), 3, 7, "tap-web");
  const router = aPort("qr", "fa:16:3e:00:01:01", [[subnet, "10.20.0.1"]], { deviceOwner: "network:router_interface_distributed" });
  return aHostView(host, {
    networks: [aHostNetwork(tenant, 7)],
    ports: [server, wire(router, 4, 7, "qr-router")],
    physicalBridges: [aPhysicalBridge("br-zoo", "zoo", 1), aPhysicalBridge("br-ant", "ant", 5)],
    tunnels: [aTunnel(host, beta, 2)],
    ...parts,
  });
}

function lower(release: string, from: HostView = view()): ReturnType<typeof lowerBridges> {
  return lowerBridges(from, defined(findRelease(release), release));
}

it("gives br-int, br-tun, then physical bridges by name", () => {
  expect(lower("zed").map(({ name }) => name)).toEqual(["br-int", "br-tun", "br-ant", "br-zoo"]);
});

it("says of a bug which bridge of which host it shows in", () => {
  const broken: HostView = {
    ...view(),
    get ports(): never {
      throw new Error("no such port");
    },
  };
  expect(() => lower("zed", broken)).toThrow('lowering br-int of host "alpha": no such port');
});

it("has no br-tun where the host has no tunnels", () => {
  const bridges = lower("zed", view({}, { tunnels: "none" }));
  expect(bridges.map(({ name }) => name)).toEqual(["br-int", "br-ant", "br-zoo"]);
  expect(bridges[0]?.ports.map(({ name }) => name)).toEqual(["int-br-zoo", "tap-web", "qr-router", "int-br-ant"]);
});

it("writes bridge rows as each release does", () => {
  const rows = (release: string, agent: Partial<AgentOptions> = {}): unknown[] =>
    lower(release, view(agent)).map(({ protocols, otherConfig }) => [protocols.join(" "), otherConfig]);
  expect(rows("newton")[0]).toEqual(["OpenFlow10 OpenFlow13", {}]);
  expect(rows("zed")[1]).toEqual(["OpenFlow10 OpenFlow13 OpenFlow14", { "mac-table-size": "50000" }]);
  expect(rows("zed", { firewallDriver: "openvswitch" })[0]).toEqual([
    "OpenFlow10 OpenFlow11 OpenFlow12 OpenFlow13 OpenFlow14",
    { "mac-table-size": "50000", "mcast-snooping-disable-flood-unregistered": "false" },
  ]);
  expect(rows("2025.1")[0]).toEqual([
    "OpenFlow10 OpenFlow13 OpenFlow14",
    { "disable-in-band": "true", "mac-table-size": "50000", "mcast-snooping-disable-flood-unregistered": "true" },
  ]);
});

it("describes every bridge as the agent's own", () => {
  for (const bridge of lower("2026.1", view({ datapathType: "netdev" }))) {
    expect(bridge).toMatchObject({ failMode: "secure", datapathType: "netdev", controllers: ["tcp:127.0.0.1:6633"] });
  }
});

it("lists ports by ofport, tagged where they are wired", () => {
  const [brInt, brTun, brAnt] = lower("zed");
  expect(brInt?.ports.map(({ ofport, name, tag, type }) => [ofport, name, tag, type.kind])).toEqual([
    [1, "int-br-zoo", undefined, "patch"],
    [2, "patch-tun", undefined, "patch"],
    [3, "tap-web", 7, "system"],
    [4, "qr-router", 7, "internal"],
    [5, "int-br-ant", undefined, "patch"],
  ]);
  expect(brTun?.ports.map(({ ofport, name }) => [ofport, name])).toEqual([
    [1, "patch-int"],
    [2, "vxlan-beta"],
  ]);
  expect(brAnt?.ports.map(({ ofport, name }) => [ofport, name])).toEqual([
    [1, "up-br-ant"],
    [2, "phy-br-ant"],
  ]);
});

it("writes on a port what the agents write", () => {
  const port = lower("zed")[0]?.ports.find(({ name }) => name === "tap-web");
  expect(port).toMatchObject({
    externalIds: { "attached-mac": "fa:16:3e:00:02:02", "iface-status": "active" },
    otherConfig: { net_uuid: tenant.id, network_type: "vxlan", physical_network: "None", segmentation_id: "500", tag: "7" },
    mac: "fa:16:3e:00:02:02",
    mtu: 1400,
  });
});

it("sets tunnel options by release and by the agent's options", () => {
  const options = (release: string, agent: Partial<AgentOptions> = {}): unknown => {
    const type = lower(release, view(agent))[1]?.ports[1]?.type;
    return type?.kind === "tunnel" ? type.options : undefined;
  };
  const common = { df_default: "true", in_key: "flow", local_ip: "192.0.2.1", out_key: "flow", remote_ip: "192.0.2.2" };
  expect(options("newton")).toEqual(common);
  expect(options("zed")).toEqual({ ...common, egress_pkt_mark: "0" });
  expect(options("zed", { tunnelCsum: true, vxlanUdpPort: 8472, dontFragment: false })).toEqual({
    ...common,
    csum: "true",
    df_default: "false",
    dst_port: "8472",
    egress_pkt_mark: "0",
  });
});

it("gives GRE over IPv6 the type that Open vSwitch has for it, as releases since Newton do", () => {
  const [here, there] = [aHost("alpha", "2001:db8::1"), aHost("beta", "2001:db8::2")];
  const tunnels = [{ ...aTunnel(here, there, 2), type: "gre" as const }];
  const type = (release: string): unknown => lower(release, aHostView(here, { tunnels }))[1]?.ports[1]?.type;
  expect(type("zed")).toMatchObject({ type: "ip6gre", options: { packet_type: "legacy_l2", remote_ip: "2001:db8::2" } });
  expect(type("newton")).toMatchObject({ type: "gre", options: { remote_ip: "2001:db8::2" } });
  expect(lower("zed", aHostView(here, { tunnels: [aTunnel(here, there, 2)] }))[1]?.ports[1]?.type).toMatchObject({ type: "vxlan" });
});

it("leaves a port that is down without a tag and without a flow", () => {
  const down = wire(aPort("web", "fa:16:3e:00:02:02", [[subnet, "10.20.0.5"]], { adminStateUp: false }), 3, 7, "tap-web");
  const [brInt] = lower("zed", view({ firewallDriver: "openvswitch" }, { ports: [down] }));
  expect(brInt?.ports.find(({ name }) => name === "tap-web")?.tag).toBeUndefined();
  expect(brInt?.flows.filter(({ match }) => match.inPort === 3 || match.reg5 === 3)).toEqual([]);
});

it("keeps the flows of a port that was switched off later, on the dead VLAN", () => {
  const port = (adminStateUp: boolean): WiredPort =>
    wire(aPort("web", "fa:16:3e:00:02:02", [[subnet, "10.20.0.5"]], { adminStateUp }), 3, 7, "tap-web");
  const off = (state: "dead" | "forgotten"): WiredPort => ({ ...port(false), localVlan: 7, state });
  const lowered = (wired: WiredPort, firewallDriver: AgentOptions["firewallDriver"]) =>
    defined(lower("zed", view({ firewallDriver }, { ports: [wired] }))[0], "br-int");
  expect(lowered(off("dead"), "noop").ports.find(({ name }) => name === "tap-web")).toMatchObject({ tag: 4095, otherConfig: { tag: "7" } });
  const dropped = "priority=2,in_port=3 actions=drop";
  for (const driver of ["openvswitch", "noop"] as const) {
    const up = flowLines(lowered(port(true), driver));
    expect(up.filter((line) => line.includes("in_port=3"))).not.toEqual([]);
    expect(flowLines(lowered(off("dead"), driver)).sort()).toEqual([...up, dropped].sort());
  }
  // Open vSwitch still has the tag that the firewall looks for; the agent has nothing of its own.
  expect(flowLines(lowered(off("forgotten"), "openvswitch"))).toEqual(flowLines(lowered(port(true), "openvswitch")));
  expect(flowLines(lowered(off("forgotten"), "noop"))).toEqual(flowLines(lowered(port(false), "noop")));
});

it("plugs what Newton's L3 agent puts on a physical bridge itself there, untagged", () => {
  const gateway = aPort("qg", "fa:16:3e:00:01:09", [[subnet, "10.20.0.9"]], { deviceOwner: "network:router_gateway" });
  const wired = { ...wire(gateway, 4, 7, "qg-router"), bridge: "br-ext", localVlan: undefined };
  const bridge = { ...aPhysicalBridge("br-ext", "out", 1), ports: [wired] };
  const [brInt, , brExt] = lower("newton", view({}, { physicalBridges: [bridge], ports: [wired] }));
  expect(brInt?.ports.map(({ name }) => name)).not.toContain("qg-router");
  expect(brExt?.ports.at(-1)).toMatchObject({ name: "qg-router", ofport: 4, type: { kind: "internal" } });
  expect(brExt?.ports.at(-1)?.tag).toBeUndefined();
});

it("tells of two servers on one host that share an address pair's MAC, and keeps the later", () => {
  const pair = { pairs: ["10.20.0.99 fa:16:3e:00:ff:ff"] };
  const ports = [
    wire(aPort("one", "fa:16:3e:00:00:01", [[subnet, "10.20.0.11"]], pair), 3, 7),
    wire(aPort("two", "fa:16:3e:00:00:02", [[subnet, "10.20.0.12"]], pair), 4, 7),
  ];
  const tables: number[] = [];
  const release = defined(findRelease("zed"), "zed");
  const [brInt] = lowerBridges(view({ firewallDriver: "openvswitch" }, { ports }), release, ({ kept }) => tables.push(kept.table));
  expect(tables).toEqual([60, 73]);
  const entry = brInt?.flows.find(({ table, match }) => table === 60 && match.ethDst === "fa:16:3e:00:ff:ff");
  expect(entry?.actions[0]).toEqual({ kind: "set-field", field: "reg5", value: 4 });
  expect(entry?.origin.because).toEqual(["/ports/two", "/ports/one", "/hosts/alpha"]);
});

it("names a catalogued lowering and a place for every flow, port and bridge of every release and driver", () => {
  for (const release of releases) {
    for (const firewallDriver of ["noop", "openvswitch", "iptables_hybrid"] as const) {
      for (const bridge of lowerBridges(view({ firewallDriver, explicitlyEgressDirect: true }), release)) {
        for (const { origin } of [bridge, ...bridge.ports, ...bridge.flows]) {
          expect(Object.keys(ovsLowerings)).toContain(origin.lowering);
          expect(origin.because.every((pointer) => pointer.startsWith("/"))).toBe(true);
        }
      }
    }
  }
});
