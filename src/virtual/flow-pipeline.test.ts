import { expect, it } from "vitest";
import { bridgeOf, keyOf, portOf } from "../testing/virtual.js";
import { printFlow } from "../formats/openflow/print.js";
import { FlowPipeline } from "./flow-pipeline.js";
import type { PipelineHost, PipelineOutput, Recirculation } from "./pipeline-host.js";
import { VirtualBridge } from "./virtual-bridge.js";

interface Ran {
  /** `bridge port: vlan reg5`, in order of output. */
  readonly outputs: readonly string[];
  readonly recirculations: readonly Recirculation[];
  readonly pipeline: FlowPipeline;
}

function run(bridges: readonly VirtualBridge[], packet: string, now = 0): Ran {
  const outputs: PipelineOutput[] = [];
  const recirculations: Recirculation[] = [];
  const host: PipelineHost = {
    bridgeOfPort: (name) => bridges.find((bridge) => bridge.portNamed(name) !== undefined),
    now,
    learns: true,
    commit: () => undefined,
    output: (output) => outputs.push(output),
    recirculate: (frozen) => recirculations.push(frozen),
  };
  const [bridge] = bridges;
  if (bridge === undefined) throw new Error("a bridge");
  const pipeline = new FlowPipeline(host, bridge, keyOf(packet));
  pipeline.start();
  const texts = outputs.map(({ bridge: at, port, key }) => {
    return `${at.name} ${port === "local" ? "LOCAL" : port.name}: ${key.vlanTci & 0xfff} ${key.reg5}`;
  });
  return { outputs: texts, recirculations, pipeline };
}

function single(...flows: readonly string[]): VirtualBridge {
  return new VirtualBridge(bridgeOf("br", [portOf(1, "one"), portOf(2, "two"), portOf(3, "three", { tag: 7 })], ...flows));
}

it("drops what no flow matches", () => {
  expect(run([single("in_port=2 actions=output:1")], "in_port=1").outputs).toEqual([]);
});

it("follows goto and resubmit, and goes on after a resubmit", () => {
  const bridge = single(
    "table=0 actions=set_field:0x5->reg5,resubmit(,10),output:2",
    "table=10,reg5=0x5 actions=set_field:0x6->reg5,goto_table:11",
    "table=11,reg5=0x6 actions=output:1",
  );
  expect(run([bridge], "in_port=3").outputs).toEqual(["br one: 0 6", "br two: 0 6"]);
});

it("does not send a packet back by its port unless told so", () => {
  expect(run([single("actions=output:1,output:2")], "in_port=1").outputs).toEqual(["br two: 0 0"]);
  expect(run([single("actions=IN_PORT")], "in_port=1").outputs).toEqual(["br one: 0 0"]);
});

it("marks and queues a packet as Neutron's QoS flows have it, and goes on in the same table", () => {
  const bridge = single(
    "table=0,priority=65535,ip,reg2=0,in_port=1 actions=set_field:0x1->reg2,set_field:26->ip_dscp,resubmit:1",
    "table=0,priority=200,reg3=0 actions=set_queue:0,load:0x1->NXM_NX_REG3[0],resubmit(,0)",
    "table=0,priority=3,ip,nw_tos=104 actions=output:2",
    "table=0,priority=2 actions=output:3",
  );
  expect(run([bridge], "ip,in_port=1").outputs).toEqual(["br two: 0 0"]);
  expect(run([bridge], "ip,in_port=2").outputs).toEqual(["br three: 0 0"]);
});

it("looks up with another input port in resubmit(port,table), and has the first one back after it", () => {
  const bridge = single("table=0 actions=resubmit(2,5),IN_PORT", "table=5,in_port=2 actions=output:3");
  expect(run([bridge], "in_port=1").outputs).toEqual(["br three: 0 0", "br one: 0 0"]);
});

it("floods the ports of a VLAN, tags for trunks and strips for access ports", () => {
  const bridge = single("actions=NORMAL");
  expect(run([bridge], "in_port=1,dl_vlan=7,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02").outputs).toEqual([
    "br two: 7 0",
    "br three: 0 0",
    "br LOCAL: 7 0",
  ]);
});

it("forwards to the port where NORMAL saw an address, and only in its VLAN", () => {
  const bridge = single("actions=NORMAL");
  run([bridge], "in_port=3,dl_src=02:00:00:00:00:0a,dl_dst=ff:ff:ff:ff:ff:ff");
  expect(run([bridge], "in_port=1,dl_vlan=7,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:0a").outputs).toEqual(["br three: 0 0"]);
  expect(run([bridge], "in_port=1,dl_vlan=8,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:0a").outputs).toEqual([
    "br two: 8 0",
    "br LOCAL: 8 0",
  ]);
});

it("refuses tagged packets on access ports and packets for bridges", () => {
  const bridge = single("actions=NORMAL");
  expect(run([bridge], "in_port=3,dl_vlan=7,dl_dst=ff:ff:ff:ff:ff:ff").outputs).toEqual([]);
  expect(run([bridge], "in_port=1,dl_dst=01:80:c2:00:00:0e").outputs).toEqual([]);
});

it("crosses a patch port without its registers, and has them back afterwards", () => {
  const first = new VirtualBridge(
    bridgeOf(
      "br-a",
      [portOf(1, "a-b", { type: { kind: "patch", peer: "b-a" } }), portOf(2, "out")],
      "actions=set_field:0x9->reg5,output:1,output:2",
    ),
  );
  const second = new VirtualBridge(
    bridgeOf("br-b", [portOf(4, "b-a", { type: { kind: "patch", peer: "a-b" } }), portOf(5, "far")], "in_port=4,reg5=0 actions=output:5"),
  );
  expect(run([first, second], "in_port=2").outputs).toEqual(["br-b far: 0 0"]);
  expect(run([first, second], "in_port=1").outputs).toEqual(["br-a out: 0 9"]);
});

it("learns a flow from a packet and forgets it after its time", () => {
  const bridge = single(
    "table=0 actions=learn(table=20,hard_timeout=300,priority=1,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:0->NXM_OF_VLAN_TCI[],output:OXM_OF_IN_PORT[]),output:2",
  );
  run([bridge], "in_port=1,dl_vlan=5,dl_src=02:00:00:00:00:01", 1000);
  expect(
    bridge
      .flows(1000)
      .slice(1)
      .map((flow) => printFlow(flow)),
  ).toEqual([
    " table=20, hard_timeout=300, priority=1,vlan_tci=0x0005/0x0fff,dl_dst=02:00:00:00:00:01 actions=load:0->NXM_OF_VLAN_TCI[],output:1",
  ]);
  expect(bridge.flows(301_000)).toHaveLength(1);
});

it("forks to the connection tracker and goes on untracked", () => {
  const bridge = single("table=0 actions=ct(table=9,zone=NXM_NX_REG6[0..15]),resubmit(,1)", "table=1,ct_state=-trk,ip actions=output:2");
  const { outputs, recirculations } = run([bridge], "ip,in_port=1,reg6=0x7");
  expect(outputs).toEqual(["br two: 0 0"]);
  expect(recirculations.map(({ table, zone }) => [table, zone])).toEqual([[9, 7]]);
});

it("stops a loop of lookups", () => {
  const { outputs, pipeline } = run([single("table=0 actions=resubmit(,0)")], "in_port=1");
  expect(outputs).toEqual([]);
  expect(pipeline.visited.at(-1)).toMatchObject({ kind: "refused", note: { kind: "too-deep" } });
});

it("tells the datapath to change only what differs, and changes it back for the next copy", () => {
  const { pipeline } = run([single("actions=NORMAL")], "in_port=3,dl_src=02:00:00:00:00:01,dl_dst=ff:ff:ff:ff:ff:ff");
  expect(pipeline.datapath.map((action) => action.kind)).toEqual(["push-vlan", "output", "output", "output"]);
});
