import { expect, it } from "vitest";
import { flowsOf, keyOf } from "../testing/virtual.js";
import { Classifier } from "./classifier.js";

function found(flows: readonly string[], packet: string): string | undefined {
  const { flow } = new Classifier(flowsOf(...flows)).lookup(keyOf(packet));
  return flow === undefined ? undefined : String(flow.cookie);
}

it("finds the flow of highest priority, whatever the order of entry", () => {
  const flows = [
    "cookie=1,priority=1 actions=drop",
    "cookie=2,priority=5,in_port=3 actions=drop",
    "cookie=3,priority=4,in_port=3 actions=drop",
  ];
  expect(found(flows, "in_port=3")).toBe("2");
  expect(found(flows, "in_port=4")).toBe("1");
});

it("compares only the bits of a mask", () => {
  const flows = ["cookie=1,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop", "cookie=2,tcp,tp_dst=0x50/0xfff0 actions=drop"];
  expect(found(flows, "dl_dst=33:33:00:00:00:01")).toBe("1");
  expect(found(flows, "dl_dst=02:33:00:00:00:01")).toBeUndefined();
  expect(found(flows, "tcp,tp_dst=95")).toBe("2");
  expect(found(flows, "tcp,tp_dst=96")).toBeUndefined();
});

it("compares prefixes of both IP versions", () => {
  const flows = ["cookie=1,ip,nw_src=192.0.2.0/24 actions=drop", "cookie=2,ipv6,ipv6_dst=2001:db8::/32 actions=drop"];
  expect(found(flows, "ip,nw_src=192.0.2.77")).toBe("1");
  expect(found(flows, "ip,nw_src=192.0.3.77")).toBeUndefined();
  expect(found(flows, "ipv6,ipv6_dst=2001:db8:9::1")).toBe("2");
});

it("tells an untagged packet from one with VLAN 0", () => {
  const flows = ["cookie=1,vlan_tci=0x0000/0x1fff actions=drop", "cookie=2,dl_vlan=0 actions=drop"];
  expect(found(flows, "in_port=1")).toBe("1");
  expect(found(flows, "dl_vlan=0")).toBe("2");
});

it("finds by conjunction id once every dimension has a matching flow", () => {
  const flows = [
    "priority=70,ip,nw_src=192.0.2.1 actions=conjunction(16,1/2)",
    "priority=70,ip,nw_src=192.0.2.2 actions=conjunction(16,1/2)",
    "priority=70,tcp,tp_dst=80 actions=conjunction(16,2/2)",
    "cookie=9,priority=70,conj_id=16,ip actions=output:1",
    "cookie=1,priority=40 actions=drop",
  ];
  expect(found(flows, "tcp,nw_src=192.0.2.2,tp_dst=80")).toBe("9");
  expect(found(flows, "tcp,nw_src=192.0.2.3,tp_dst=80")).toBe("1");
  expect(found(flows, "tcp,nw_src=192.0.2.2,tp_dst=81")).toBe("1");
});

it("lets a plain flow of higher priority decide before a conjunction", () => {
  const flows = [
    "priority=70,ip actions=conjunction(16,1/1)",
    "cookie=9,priority=70,conj_id=16 actions=output:1",
    "cookie=2,priority=80,ip actions=drop",
  ];
  expect(found(flows, "ip,nw_src=192.0.2.2")).toBe("2");
});

it("replaces a flow of equal match and priority, and forgets one that is removed", () => {
  const [first, second] = flowsOf("cookie=1,in_port=1 actions=drop", "cookie=2,in_port=1 actions=drop");
  if (first === undefined || second === undefined) throw new Error("two flows");
  const classifier = new Classifier([first, second]);
  expect(classifier.lookup(keyOf("in_port=1")).flow).toBe(second);
  classifier.remove(second);
  expect(classifier.lookup(keyOf("in_port=1")).flow).toBeUndefined();
});

it("looks one of ten thousand flows up by one hash", () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `cookie=${n},dl_vlan=${n % 4000},reg5=${n} actions=drop`);
  const classifier = new Classifier(flowsOf(...lines));
  const start = performance.now();
  for (let n = 0; n < 1000; n++) expect(classifier.lookup(keyOf("dl_vlan=17,reg5=4017")).flow?.cookie).toBe(4017n);
  expect(performance.now() - start).toBeLessThan(2000);
});
