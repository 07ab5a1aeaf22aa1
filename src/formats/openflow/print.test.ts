import { expect, it } from "vitest";
import type { Action } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import { someOrigin } from "../testing/arbitrary-values.js";
import { openflow10 } from "./dialect.js";
import { parseActions } from "./parse-action.js";
import { parseFlow } from "./parse.js";
import { parseMatch } from "./parse-match.js";
import { printActions } from "./print-action.js";
import { printMatch } from "./print-match.js";
import { printFlow, printFlows } from "./print.js";

function flowOf(text: string): Flow {
  const parsed = parseFlow(text, {}, someOrigin);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value.flow;
}

it.each([
  ["goto_table:24", "resubmit(,24)"],
  ["push_vlan:0x8100,set_field:4099->vlan_vid,output:1", "mod_vlan_vid:3,output:1"],
  ["pop_vlan,set_field:0x4d->tun_id,output:2", "strip_vlan,load:0x4d->NXM_NX_TUN_ID[],output:2"],
  ["set_field:0x3->reg5,set_field:0->reg6", "load:0x3->NXM_NX_REG5[],load:0->NXM_NX_REG6[]"],
  ["set_field:2->arp_op,set_field:192.0.2.1->arp_spa", "load:0x2->NXM_OF_ARP_OP[],load:0xc0000201->NXM_OF_ARP_SPA[]"],
  ["set_field:fa:16:3e:00:00:01->arp_sha", "load:0xfa163e000001->NXM_NX_ARP_SHA[]"],
  ["set_field:fa:16:3e:00:00:01->eth_src,IN_PORT", "mod_dl_src:fa:16:3e:00:00:01,IN_PORT"],
  [
    "ct(commit,zone=NXM_NX_REG6[0..15],exec(set_field:0x1->ct_mark))",
    "ct(commit,zone=NXM_NX_REG6[0..15],exec(load:0x1->NXM_NX_CT_MARK[]))",
  ],
  ["set_field:2001:db8::1->ipv6_src", "load:0x1->NXM_NX_IPV6_SRC[0..63],load:0x20010db800000000->NXM_NX_IPV6_SRC[64..127]"],
  ["NORMAL,LOCAL,CONTROLLER:65535", "NORMAL,LOCAL,CONTROLLER:65535"],
  ["drop", "drop"],
])("prints %s at OpenFlow 1.3 as %s at 1.0", (newer, older) => {
  const parsed = parseActions(newer);
  const actions: readonly Action[] = parsed.ok ? parsed.value : [];
  expect(printActions(actions)).toBe(newer);
  expect(printActions(actions, openflow10)).toBe(older);
});

it.each([
  ["eth_dst=FA:16:3E:00:00:01,eth_type=0x0800,ip_proto=6,tcp_dst=22", "tcp,dl_dst=fa:16:3e:00:00:01,tp_dst=22"],
  ["vlan_vid=0x1003 icmpv6 icmpv6_type=135", "icmp6,dl_vlan=3,icmp_type=135"],
  ["vlan_vid=0,ip,nw_dst=192.0.2.7/255.255.255.0", "ip,vlan_tci=0x0000/0x1fff,nw_dst=192.0.2.0/24"],
  ["dl_vlan=0xffff,arp,nw_src=192.0.2.1,nw_proto=2", "arp,vlan_tci=0x0000/0x1fff,arp_spa=192.0.2.1,arp_op=2"],
  ["vlan_tci=0xb003/0xffff", "dl_vlan=3,dl_vlan_pcp=5"],
  ["ct_state=+trk-new,reg0=0/0,ip,nw_src=0.0.0.0/0,ipv6_src=::/0", "ct_state=-new+trk,ip"],
  ["in_port=65534,tunnel_id=77,ip,ip_dscp=8", "ip,tun_id=0x4d,in_port=LOCAL,nw_tos=32"],
  ["in_port=patch-tun,dl_type=0x88cc", "in_port=7,dl_type=0x88cc"],
])("takes %s for %s", (written, printed) => {
  const parsed = parseMatch(written, { resolvePort: (name) => (name === "patch-tun" ? 7 : undefined) });
  expect(parsed.ok && printMatch(parsed.value.match)).toBe(printed);
});

it.each([
  "in_port=nowhere",
  "dl_vlan=4096",
  "nw_src=192.0.2.300",
  "nw_src=2001:db8::1",
  "ct_state=+foo",
  "ct_state=+new+new",
  "reg0=-1",
  "priority=65536",
  "vlan_vid=3",
  "metadata",
])("refuses %s", (text) => {
  expect(parseMatch(text).ok).toBe(false);
});

it("prints a flow with its statistics as both versions do", () => {
  const flow = flowOf("table=20,priority=1,hard_timeout=300,reset_counts,dl_vlan=3 actions=output:2");
  const stats = { duration: 43_045, packets: 2, bytes: 180, idleAge: 7 };
  expect(printFlow(flow, { openflow: "1.3", stats: true }, stats)).toBe(
    " cookie=0x0, duration=43.045s, table=20, n_packets=2, n_bytes=180, hard_timeout=300, reset_counts priority=1,dl_vlan=3 actions=output:2",
  );
  expect(printFlow(flow, { openflow: "1.0", stats: true }, { ...stats, duration: 2000 })).toBe(
    " cookie=0x0, duration=2s, table=20, n_packets=2, n_bytes=180, hard_timeout=300, reset_counts idle_age=7, priority=1,dl_vlan=3 actions=output:2",
  );
});

it("leaves out what is OpenFlow's default: table 0, cookie 0, priority 32768", () => {
  expect(printFlow(flowOf("priority=32768 actions=drop"))).toBe(" actions=drop");
  expect(printFlow(flowOf("cookie=0x1,arp actions=drop"))).toBe(" cookie=0x1, arp actions=drop");
});

it("orders flows by table, priority descending and text", () => {
  const flows = [
    "table=2,priority=9 actions=drop",
    "priority=0 actions=NORMAL",
    "priority=2,in_port=3 actions=drop",
    "priority=2,in_port=10 actions=drop",
  ];
  expect(printFlows(flows.map(flowOf))).toBe(
    " priority=2,in_port=10 actions=drop\n priority=2,in_port=3 actions=drop\n priority=0 actions=NORMAL\n table=2, priority=9 actions=drop\n",
  );
});

it("keeps actions that it does not model as they are", () => {
  const text = "dec_ttl,set_field:0x1/0x1->reg5,clone(output:3,ct(commit,nat(src=192.0.2.1))),learn(table=1,limit=5),group:7";
  const parsed = parseActions(text);
  expect(parsed).toMatchObject({ ok: true, value: Array.from({ length: 5 }, () => ({ kind: "other" })) });
  expect(parsed.ok && printActions(parsed.value)).toBe(text);
});
