import { execFileSync } from "node:child_process";
import process from "node:process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { parseDevices } from "../../src/formats/ip-addr/parse.js";
import { printDevices } from "../../src/formats/ip-addr/print.js";
import { parseNeighbours } from "../../src/formats/ip-neigh/parse.js";
import { printNeighbour } from "../../src/formats/ip-neigh/print.js";
import { parseRoutes } from "../../src/formats/ip-route/parse.js";
import { printRoute } from "../../src/formats/ip-route/print.js";
import { parseIpRules } from "../../src/formats/ip-rule/parse.js";
import { printIpRules } from "../../src/formats/ip-rule/print.js";
import { iproute61 } from "../../src/formats/iproute.js";
import { plainList } from "../../src/formats/iptables-list/dialect.js";
import { listCommands, listTable } from "../../src/formats/iptables-list/print.js";
import { parseIptables } from "../../src/formats/iptables-save/parse.js";
import { printIptables } from "../../src/formats/iptables-save/print.js";
import { parseFlowsWithStats } from "../../src/formats/openflow/parse.js";
import { printFlow } from "../../src/formats/openflow/print.js";
import { printOvsdbValue } from "../../src/formats/ovsdb/print.js";
import { type OpenVswitch, startOpenVswitch } from "./open-vswitch.js";

/** One flow for each thing that the printer of flows knows, in the words of somebody who adds it. */
const flows = [
  "table=1,priority=32768 actions=drop",
  "priority=32768,tcp,tp_dst=22 actions=drop",
  "cookie=0x5,table=4,idle_timeout=500,hard_timeout=600,send_flow_rem,check_overlap,reset_counts,priority=3 actions=drop",
  "table=2,priority=1,ip,nw_proto=112 actions=drop",
  "table=2,priority=2,ipv6,nw_proto=112,ipv6_src=2001:db8::/32,ipv6_dst=2001:db8::1 actions=drop",
  "table=2,priority=3,dl_type=0x1234,dl_src=fa:16:3e:00:00:01 actions=drop",
  "table=2,priority=4,sctp,tp_dst=80 actions=drop",
  "table=2,priority=5,ip,nw_tos=32,nw_ecn=1,nw_ttl=3,nw_frag=first actions=drop",
  "table=2,priority=6,tcp,tcp_flags=+syn-ack actions=drop",
  "table=2,priority=7,reg0=0,reg1=0x5/0xff,reg2=0/0xff,tun_src=192.0.2.1,tun_dst=192.0.2.0/24,tun_id=0 actions=drop",
  "table=2,priority=8,vlan_tci=0x1002/0x1fff actions=drop",
  "table=2,priority=9,dl_vlan=2,dl_vlan_pcp=3 actions=drop",
  "table=2,priority=10,vlan_tci=0x1000/0x1000 actions=drop",
  "table=2,priority=11,vlan_tci=0 actions=drop",
  "table=2,priority=12,ct_state=+trk+new-est,ct_zone=0,ct_mark=0x5/0x7,ip actions=drop",
  "table=2,priority=13,ct_state=est|trk,ct_mark=0,ip actions=drop",
  "table=2,priority=14,arp,arp_op=1,arp_spa=192.0.2.0/24,arp_tpa=192.0.2.1,arp_sha=fa:16:3e:00:00:01,arp_tha=fa:16:3e:00:00:02 actions=drop",
  "table=2,priority=15,in_port=LOCAL,pkt_mark=5,conj_id=7,recirc_id=0 actions=drop",
  "table=2,priority=16,icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1 actions=drop",
  "table=2,priority=17,icmp,icmp_type=8,icmp_code=0 actions=drop",
  "table=2,priority=18,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop",
  "table=2,priority=19,udp,tp_src=0x1f40/0xffc0,tp_dst=0/0xff00 actions=drop",
  "table=2,priority=20,rarp,dl_src=fa:16:3e:00:00:01 actions=drop",
  "table=2,priority=21,dl_vlan=4,vlan_pcp=0,udp6,tp_dst=546 actions=drop",
  "table=3,priority=1,ip actions=set_field:0->reg0,set_field:0x0->tun_id,set_field:192.0.2.1->nw_src,set_field:192.0.2.2->ip_dst,set_field:5->pkt_mark",
  "table=3,priority=2,ipv6 actions=set_field:fe80::1->ipv6_src,set_field:2001:db8::2->ipv6_dst",
  "table=3,priority=3,arp actions=set_field:2->arp_op,set_field:fa:16:3e:00:00:01->arp_sha,set_field:fa:16:3e:00:00:02->arp_tha,set_field:192.0.2.1->arp_spa,set_field:192.0.2.9->arp_tpa",
  "table=3,priority=4 actions=LOCAL,CONTROLLER,FLOOD,IN_PORT,NORMAL,output:5,output:NXM_NX_REG7[],output:NXM_NX_REG7[0..15]",
  "table=3,priority=5 actions=resubmit(,4),resubmit(3,4),resubmit(LOCAL,4),resubmit:3,resubmit:LOCAL",
  "table=3,priority=15 actions=set_queue:0,set_queue:7,pop_queue",
  "table=3,priority=16,ip actions=set_field:26->ip_dscp",
  "table=3,priority=17,ipv6 actions=set_field:0->ip_dscp,output:1",
  "table=3,priority=6 actions=load:0->NXM_NX_REG0[3],load:0x5->NXM_NX_REG1[0..7],move:NXM_NX_REG0[0]->NXM_NX_REG1[31],move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
  "table=3,priority=7,ip actions=ct(commit),ct(zone=0),ct(commit,zone=5,table=7),ct(commit,zone=NXM_NX_REG6[0..15],exec(set_field:0x1->ct_mark)),ct_clear",
  "table=3,priority=8 actions=conjunction(5,1/2),conjunction(6,2/3)",
  "table=3,priority=9 actions=learn(table=20,hard_timeout=300,priority=1,cookie=0x5,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:0->NXM_OF_VLAN_TCI[],load:NXM_NX_TUN_ID[]->NXM_NX_TUN_ID[],output:OXM_OF_IN_PORT[])",
  "table=3,priority=10,tcp actions=learn(table=21,idle_timeout=5,eth_type=0x800,nw_proto=6,NXM_OF_IP_SRC[]=NXM_OF_IP_DST[],NXM_NX_REG0[0..15]=0x5,NXM_NX_REG1[]=0x7,vlan_tci=3,in_port=4,eth_dst=fa:16:3e:00:00:01,ip_dst=192.0.2.1,load:0x5->NXM_NX_REG2[])",
  "table=3,priority=11 actions=push_vlan:0x8100,set_field:4099->vlan_vid,output:1",
  "table=3,priority=12,dl_vlan=5 actions=pop_vlan,output:1,goto_table:5",
  "table=3,priority=13,dl_vlan=5 actions=set_field:4100->vlan_vid,output:1",
  "table=3,priority=14 actions=set_field:fa:16:3e:00:00:01->eth_src,set_field:fa:16:3e:00:00:02->eth_dst",
];

let openVswitch: OpenVswitch;
beforeAll(() => {
  openVswitch = startOpenVswitch();
  openVswitch.run(
    "ovs-vsctl",
    "add-br",
    "br",
    "--",
    "set",
    "bridge",
    "br",
    "datapath_type=dummy",
    "fail_mode=secure",
    "protocols=OpenFlow10,OpenFlow13,OpenFlow14",
  );
  for (const flow of flows) openVswitch.run("ovs-ofctl", "-O", "OpenFlow13", "add-flow", openVswitch.address("br"), flow);
});
afterAll(() => openVswitch.stop());

it.each([
  { openflow: "1.3", stats: false, wire: "OpenFlow13" },
  { openflow: "1.0", stats: false, wire: "OpenFlow10" },
  { openflow: "1.3", stats: true, wire: "OpenFlow13" },
  { openflow: "1.0", stats: true, wire: "OpenFlow10" },
] as const)("prints flows as ovs-ofctl does: %o", ({ openflow, stats, wire }) => {
  const dump = openVswitch.run(
    "ovs-ofctl",
    "-O",
    wire,
    "--no-names",
    ...(stats ? [] : ["--no-stats"]),
    "dump-flows",
    openVswitch.address("br"),
  );
  const { value, problems } = parseFlowsWithStats(dump);
  expect(problems).toEqual([]);
  expect(value).toHaveLength(flows.length);
  const lines = dump.split("\n").filter((line) => line !== "" && !line.includes("_FLOW reply"));
  expect(value.map((entry) => printFlow(entry.flow, { openflow, stats }, entry.stats))).toEqual(lines);
});

it("prints columns as ovs-vsctl get does", () => {
  const values = [
    ["Port", "tag", 3],
    ["Port", "tag", undefined],
    [
      "Port",
      "other_config",
      new Map([
        ["net_uuid", "2fac178d-f24e-54c5-9e72-0b20bc09c9ad"],
        ["physical_network", "None"],
        ["tag", "1"],
      ]),
    ],
    ["Port", "other_config", new Map()],
    ["Interface", "type", "internal"],
    ["Interface", "type", ""],
    [
      "Interface",
      "external_ids",
      new Map([
        ["iface-id", "ddad4cc6-af4e-5421-8996-ef0715879720"],
        ["attached-mac", "fa:16:3e:83:92:96"],
        ["a key", 'a "word"'],
      ]),
    ],
    ["Bridge", "protocols", ["OpenFlow13", "OpenFlow10"]],
    ["Bridge", "fail_mode", "standalone"],
  ] as const;
  for (const [table, column, value] of values) {
    const record = table === "Bridge" ? "br-columns" : "columns";
    openVswitch.run("ovs-vsctl", "--may-exist", "add-br", "br-columns", "--", "set", "bridge", "br-columns", "datapath_type=dummy");
    openVswitch.run("ovs-vsctl", "--may-exist", "add-port", "br-columns", "columns");
    // What is printed can be read, too.
    const text = printOvsdbValue(value);
    openVswitch.run("ovs-vsctl", "set", table, record, `${column}=${text}`);
    expect(openVswitch.run("ovs-vsctl", "get", table, record, column)).toBe(`${text}\n`);
  }
  openVswitch.run("ovs-vsctl", "del-br", "br-columns");
});

const namespace = `dvrc-formats-${process.pid}`;
const other = `${namespace}-other`;

beforeEach(() => {
  run("ip", "netns", "add", namespace);
  run("ip", "netns", "add", other);
});
afterEach(() => {
  run("ip", "netns", "del", namespace);
  run("ip", "netns", "del", other);
});

const inside = (...command: readonly string[]): string => run("ip", "netns", "exec", namespace, ...command);

it("prints addresses, routes, rules and neighbours as ip does", () => {
  const commands = [
    "link set lo up",
    `link add qr-1 type veth peer name qr-peer netns ${other}`,
    "link set qr-1 address fa:16:3e:00:00:01 up",
    "addr add 192.0.2.1/24 brd 192.0.2.255 dev qr-1",
    "addr add 192.0.2.2/24 dev qr-1",
    "addr add 198.51.100.9/32 brd 198.51.100.9 dev qr-1",
    "addr add 2001:db8::1/64 dev qr-1",
    "route add default via 192.0.2.9 dev qr-1 proto static",
    "route add 203.0.113.0/24 proto static nexthop via 192.0.2.5 dev qr-1 nexthop via 192.0.2.6 dev qr-1 weight 3",
    "route add 203.0.113.0/24 table 16 nexthop via 192.0.2.5 dev qr-1 nexthop via 192.0.2.6 dev qr-1",
    "route add 198.18.0.0/24 via 192.0.2.3 dev qr-1 proto static metric 7 src 192.0.2.1 onlink table 3221225985",
    "route add 198.18.1.1 dev qr-1 scope link",
    "-6 route add default via fe80::5 dev qr-1 proto static",
    "-6 route add 2001:db8:5::/64 nexthop via fe80::6 dev qr-1 nexthop via fe80::7 dev qr-1",
    "-6 route add 2001:db8:6::/64 via fe80::9 dev qr-1 table 16 onlink",
    "rule add from 192.0.2.1/24 lookup 3221225985 prio 3221225985",
    "rule add from 192.0.2.12 lookup 16 prio 57481",
    "rule add iif qr-1 lookup 77 prio 100",
    "rule add fwmark 0x5/0xff to 198.18.0.0/15 lookup default prio 11",
    "rule add from 192.0.2.0/24 to 198.18.0.1 fwmark 7 iif qr-1 lookup local prio 12",
    "neigh add 192.0.2.5 dev qr-1 lladdr fa:16:3e:00:00:05 nud permanent",
    "neigh add fe80::7 dev qr-1 lladdr fa:16:3e:00:00:07 nud permanent",
  ];
  run("ip", "netns", "exec", other, "ip", "link", "set", "lo", "up");
  for (const command of commands) inside("ip", ...command.split(" "));
  run("ip", "netns", "exec", other, "ip", "link", "set", "qr-peer", "up");

  const rules = inside("ip", "rule");
  expect(printIpRules(parsed(parseIpRules(rules, 4)), iproute61)).toBe(rules);
  for (const version of [4, 6] as const) {
    const routes = inside("ip", `-${version}`, "route", "show", "table", "all");
    const ours = routes.split("\n").filter((line) => !/^(?:local|broadcast|multicast|anycast) /.test(line));
    expect(parsed(parseRoutes(routes, version)).flatMap((route) => printRoute(route, version, iproute61))).toEqual(
      ours.filter((line) => line !== ""),
    );
  }
  const neighbours = inside("ip", "neigh", "show", "nud", "permanent");
  expect(
    parsed(parseNeighbours(neighbours))
      .map((one) => `${printNeighbour(one, iproute61)}\n`)
      .join(""),
  ).toBe(neighbours);
  const addresses = inside("ip", "addr").replaceAll(" tentative", "");
  expect(printDevices(parsed(parseDevices(addresses, namespace)), namespace, { ...iproute61, datapath: "system" })).toBe(addresses);
});

const rules = [
  "*filter",
  "-A INPUT -m state --state RELATED,ESTABLISHED -j RETURN",
  "-A INPUT -m conntrack ! --ctstate NEW,RELATED -j DROP",
  "-A INPUT -p udp -m udp --sport 67 --dport 68 -j RETURN",
  "-A INPUT -p tcp -m tcp --dport 80:90 -j RETURN",
  "-A INPUT -p tcp -m multiport --dports 8000:8100 -j RETURN",
  "-A INPUT -p icmp -m icmp --icmp-type 8/0 -j RETURN",
  "-A INPUT -p icmp -m icmp --icmp-type 3/1 -j RETURN",
  "-A INPUT -p icmp -m icmp --icmp-type 8 -j RETURN",
  "-A INPUT -p vrrp -j RETURN",
  "-A INPUT -s 192.0.2.0/24 -d 192.0.2.1/32 -j RETURN",
  "-A INPUT -m physdev --physdev-in tap1 --physdev-is-bridged -j ACCEPT",
  "-A INPUT -m mac --mac-source fa:16:3e:00:00:01 -j RETURN",
  '-A FORWARD ! -i qr-1 ! -o qr-2 -m comment --comment "it\\\'s \\"x\\" \\\\ y" -j DROP',
  "COMMIT",
  "*nat",
  ":x - [0:0]",
  ":y - [0:0]",
  "-A PREROUTING -d 192.0.2.1/32 -i qr-+ -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 9697",
  "-A PREROUTING -d 192.0.2.1/32 -j DNAT --to-destination 192.0.2.12",
  "-A POSTROUTING -s 192.0.2.12/32 -j SNAT --to-source 192.0.2.55 --random-fully",
  "-A POSTROUTING ! -s 192.0.2.12/32 ! -d 198.51.100.0/24 ! -p tcp -j SNAT --to-source 192.0.2.55",
  "-A POSTROUTING -m mark ! --mark 0x2/0xffff -m conntrack --ctstate DNAT -j x",
  "-A POSTROUTING -j x",
  "-A x -g y",
  "COMMIT",
  "*mangle",
  "-A PREROUTING -m connmark --mark 0x0/0xffff0000 -j CONNMARK --save-mark --nfmask 0xffff0000 --ctmask 0xffff0000",
  "-A PREROUTING -m connmark ! --mark 0x5/0xff -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xffff",
  "-A PREROUTING -j MARK --set-xmark 0x5/0xffff",
  "-A PREROUTING -j MARK --set-xmark 0x0/0xffff",
  "-A PREROUTING -j MARK --set-xmark 0x5/0xffffffff",
  "-A POSTROUTING -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill",
  "COMMIT",
  "*raw",
  "-A PREROUTING -j CT --notrack",
  "-A PREROUTING -i qvb1 -j CT --zone 4097",
  "COMMIT",
];

it("prints rules and lists of them as iptables does", () => {
  execFileSync("ip", ["netns", "exec", namespace, "iptables-restore"], { input: `${rules.join("\n")}\n` });
  const saved = inside("iptables-save");
  const tables = parsed(parseIptables(saved));
  expect(printIptables(tables)).toBe(saved.replace(/^#.*\n/gm, ""));
  for (const table of tables) {
    const list = (...options: readonly string[]): string => inside("iptables", "-t", table.name, ...options);
    expect(`${listCommands(table).join("\n")}\n`).toBe(list("-S"));
    expect(`${listTable(table).join("\n")}\n`).toBe(list("-L"));
    expect(`${listTable(table, { ...plainList, numeric: true, verbose: true }).join("\n")}\n`).toBe(list("-L", "-n", "-v"));
    expect(`${listTable(table, { ...plainList, lineNumbers: true }, "PREROUTING").join("\n")}\n`).toBe(
      table.name === "filter" ? "\n" : list("-L", "PREROUTING", "--line-numbers"),
    );
  }
});

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
}

function parsed<T>({ value, problems }: { readonly value: T; readonly problems: readonly unknown[] }): T {
  expect(problems).toEqual([]);
  return value;
}
