import { expect, it } from "vitest";
import type { HostState } from "../ir/host-state.js";
import { bridgeOf, deviceOf, madeUp, namespaceOf, portOf } from "../testing/virtual.js";
import { World } from "../virtual/world.js";
import type { ToolDialects } from "./answer.js";
import { Scene } from "./scene.js";

const router = namespaceOf(
  "qrouter-1111",
  [deviceOf("lo", 1, "00:00:00:00:00:00"), deviceOf("qr-1", 7, "02:00:00:00:00:01", "10.9.0.1/24")],
  {
    routes: "10.9.0.0/24 dev qr-1 proto kernel scope link src 10.9.0.1\ndefault via 10.9.0.6 dev qr-1 table 16\n",
    rules: "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n40000:\tfrom 10.9.0.5 lookup 16\n",
    iptables:
      "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:mine - [0:0]\n-A POSTROUTING -j mine\n-A mine -s 10.9.0.5/32 -j SNAT --to-source 192.0.2.5\nCOMMIT\n",
    sysctls: { "net.ipv4.ip_forward": "1", "net.ipv4.conf.qr-1.proxy_arp": "1" },
  },
);

const state: HostState = {
  host: "node-1",
  bridges: [
    bridgeOf(
      "br-int",
      [portOf(1, "qr-1", { tag: 3 }), portOf(2, "tap1")],
      "cookie=0xab,priority=1 actions=NORMAL",
      "cookie=0xab,table=5,dl_vlan=3 actions=drop",
    ),
  ],
  namespaces: [
    {
      ...router,
      neighbours: [{ ip: "10.9.0.6" as never, dev: "qr-1", lladdr: "02:00:00:00:00:06" as never, state: "PERMANENT", origin: madeUp }],
    },
  ],
  root: undefined,
  ipSets: [],
};

const now: ToolDialects = { trace: "ovs-3.1", iproute: "6.1", iptables: "1.8" };
const then: ToolDialects = { trace: "ovs-2.5", iproute: "3.10", iptables: "1.4" };

function scene(dialects = now): Scene {
  const world = new World({
    hosts: ["node-1"],
    hostState: (host) => (host === "node-1" ? state : undefined),
    hostOfTunnelAddress: () => undefined,
    segments: [],
    machinesAt: () => [],
    outside: [],
    machine: () => undefined,
  });
  return new Scene(world, { namespaces: new Map([["qrouter-R1", "qrouter-1111"]]), machines: [] }, dialects);
}

function output(command: string | readonly string[], dialects = now): string {
  const answer = scene(dialects).exec("node-1", command);
  return answer.kind === "printed" ? answer.text : `refused: ${answer.message}`;
}

it("says what exists where a host, command, namespace, bridge or device does not", () => {
  const elsewhere = scene().exec("nod-1", "ip netns");
  expect(elsewhere).toMatchObject({ kind: "refused" });
  expect(elsewhere.kind === "refused" ? elsewhere.message : "").toContain('Did you mean "node-1"?');
  expect(output("reboot")).toContain("ovs-appctl");
  expect(output("ip netns exec qrouter-2222 ip route")).toContain('"qrouter-1111"');
  expect(output("ovs-appctl fdb/show br-tun")).toContain('has "br-int"');
  expect(output("ovs-appctl nothing/here")).toContain("fdb/show");
  expect(output("ovs-appctl -t ovs-vswitchd fdb/show br-int")).toContain("VLAN");
  expect(output("ovs-appctl --target=ovs-vswitchd fdb/show br-int")).toContain("VLAN");
  expect(output("ovs-ofctl dump-tables br-int")).toContain("dump-ports-desc");
  expect(output("ip netns exec qrouter-R1 ip addr show dev qr-9")).toContain('"qr-1"');
  expect(output("ip route")).toContain("ip netns exec");
});

it("knows a namespace by its router's name, and by uuid where only one fits", () => {
  const routes = output("ip netns exec qrouter-1111 ip route");
  expect(routes).toContain("10.9.0.0/24");
  expect(output("ip netns exec qrouter-R1 ip r")).toBe(routes);
  expect(output("ip netns exec qrouter-uuid ip ro ls")).toBe(routes);
  expect(output("ip netns exec snat-uuid ip r")).toContain("refused");
});

it("takes a command as words or as one text, with pipes in both", () => {
  expect(output(["ip", "netns", "exec", "qrouter-R1", "ip", "rule", "|", "wc", "-l"])).toBe("4\n");
  expect(output(["ip netns exec qrouter-R1 ip rule | wc -l"])).toBe("4\n");
});

it("prints as iproute2 of each time", () => {
  expect(output("ip netns exec qrouter-R1 ip route show table 16")).toBe("default via 10.9.0.6 dev qr-1 \n");
  expect(output("ip netns exec qrouter-R1 ip route")).toBe("10.9.0.0/24 dev qr-1 proto kernel scope link src 10.9.0.1 \n");
  expect(output("ip netns exec qrouter-R1 ip route", then)).toBe("10.9.0.0/24 dev qr-1  proto kernel  scope link  src 10.9.0.1 \n");
  expect(output("ip netns exec qrouter-R1 ip route get 10.9.0.7", then)).toBe("10.9.0.7 dev qr-1  src 10.9.0.1 \n    cache \n");
  expect(output("ip netns exec qrouter-R1 ip route get 10.9.0.7")).toBe("10.9.0.7 dev qr-1 src 10.9.0.1 uid 0 \n    cache \n");
  expect(output("ip netns exec qrouter-R1 ip route get 192.0.2.1")).toBe("RTNETLINK answers: Network is unreachable\n");
  const forwarded = "ip netns exec qrouter-R1 ip route get 192.0.2.1 from 10.9.0.5";
  expect(output(`${forwarded} iif qr-1`)).toBe("192.0.2.1 from 10.9.0.5 via 10.9.0.6 dev qr-1 table 16 \n    cache iif qr-1 \n");
  expect(output(`${forwarded} iif qr-1`, then)).toMatch(/\n {4}cache {2}iif qr-1 \n$/);
  expect(output(forwarded)).toBe("RTNETLINK answers: Network is unreachable\n");
  expect(output(forwarded, then)).toBe("RTNETLINK answers: Invalid argument\n");
  expect(output(`${forwarded} iif qr-9`)).toContain('"qr-1"');
  expect(output("ip netns exec qrouter-R1 ip route get 10.9.0.7 mark 0x20")).toContain("src 10.9.0.1 mark 0x20 uid 0");
  expect(output("ip netns exec qrouter-R1 ip n")).toBe("10.9.0.6 dev qr-1 lladdr 02:00:00:00:00:06 PERMANENT \n");
});

it("tells of devices what each command of iproute2 tells of them", () => {
  const ip = (words: string, dialects = now): string => output(`ip netns exec qrouter-R1 ip ${words}`, dialects);
  const head = "7: qr-1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500";
  const ether = "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n";
  const inet = "    inet 10.9.0.1/24 scope global qr-1\n       valid_lft forever preferred_lft forever\n";
  expect(ip("a s qr-1")).toBe(`${head} qdisc noqueue state UNKNOWN group default qlen 1000\n${ether}${inet}`);
  expect(ip("-4 a s qr-1")).toBe(`${head} qdisc noqueue state UNKNOWN group default qlen 1000\n${inet}`);
  expect([ip("-6 a"), ip("-4 -o a s lo")]).toEqual(["", ""]);
  expect(ip("-o a s to 10.9.0.0/16")).toBe(
    "7: qr-1    inet 10.9.0.1/24 scope global qr-1\\       valid_lft forever preferred_lft forever\n",
  );
  expect(ip("a s scope link")).not.toContain("qr-1");
  expect(ip("l s qr-1")).toBe(`${head} qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n${ether}`);
  expect(ip("l s qr-1", then)).toBe(`${head} qdisc noqueue state UNKNOWN mode DEFAULT \n${ether}`);
  expect(ip("-br a s qr-1")).toBe("qr-1             UNKNOWN        10.9.0.1/24 \n");
  expect(ip("-br l s qr-1")).toBe("qr-1             UNKNOWN        02:00:00:00:00:01 <BROADCAST,MULTICAST,UP,LOWER_UP> \n");
  expect(ip("a s type veth")).toContain("refused");
});

it("chooses routes as iproute2 does, by its abbreviations and by how prefixes are related", () => {
  const ip = (words: string): string => output(`ip netns exec qrouter-R1 ip ${words}`);
  const inside = "10.9.0.0/24 dev qr-1 proto kernel scope link src 10.9.0.1 \n";
  expect(ip("r s t 16")).toBe("default via 10.9.0.6 dev qr-1 \n");
  for (const same of ["match 10.9.0.7", "root 10.0.0.0/8", "src 10.9.0.1", "10.9.0.0/24", "p kernel", "protocol kernel"])
    expect(ip(`r s ${same}`)).toBe(inside);
  for (const none of ["root 10.9.0.0/25", "match 10.0.0.0/8", "src 10.9.0.2", "10.9.0.0/25"]) expect(ip(`r s ${none}`)).toBe("");
  expect(ip("r s t 16 match 192.0.2.1")).toBe("default via 10.9.0.6 dev qr-1 \n");
  expect(ip("r s type unicast")).toContain("refused");
});

it("prints traces in the grammar of each time", () => {
  expect(output("ovs-appctl ofproto/trace br-int in_port=tap1,dl_dst=ff:ff:ff:ff:ff:ff")).toContain(
    "\n 0. priority 1, cookie 0xab\n    NORMAL\n     -> no learned MAC",
  );
  expect(output("ovs-appctl ofproto/trace br-int in_port=2", then)).toContain(
    "Rule: table=0 cookie=0xab priority=1\nOpenFlow actions=NORMAL\n",
  );
  expect(output("ovs-appctl ofproto/trace br-int in_port=tap9")).toContain('"tap1"');
  expect(output("ovs-appctl ofproto/trace br-int in_port=2,dl_src=x")).toBe('refused: br-int: wrong value of dl_src "x".');
});

it("lists flows at each OpenFlow version, whole or by table", () => {
  expect(output("ovs-ofctl -O OpenFlow13 --no-stats dump-flows br-int table=5")).toBe(" cookie=0xab, table=5, dl_vlan=3 actions=drop\n");
  expect(output("ovs-ofctl dump-flows br-int").split("\n")[0]).toContain("NXST_FLOW reply");
  expect(output("ovs-vsctl show | grep -A1 'Port qr-1'")).toContain("tag: 3");
});

it("tells columns of the switch's database, and which there are", () => {
  expect(output("ovs-vsctl get Port qr-1 tag")).toBe("3\n");
  expect(output("ovs-vsctl get port br-int tag other_config")).toBe("[]\n{}\n");
  expect(output("ovs-vsctl get Interface br-int ofport type")).toBe("65534\ninternal\n");
  expect(output("ovs-vsctl get int qr-1 external_ids:iface-id")).toContain("refused: There is no key");
  expect(output("ovs-vsctl get Port qr-9 tag")).toBe('refused: Table Port has no record "qr-9".');
  expect(output("ovs-vsctl get Port qr-1 vlan_mode")).toContain('not "vlan_mode"');
  expect(output("ovs-vsctl get Manager x y")).toContain('not "Manager"');
  expect(output("ovs-vsctl iface-to-br qr-1")).toBe("br-int\n");
});

it("lists iptables with and without names, and says which chains there are", () => {
  expect(output("ip netns exec qrouter-R1 iptables -t nat -L | grep SNAT")).toBe(
    "SNAT       all  --  10.9.0.5             anywhere             to:192.0.2.5\n",
  );
  expect(output("ip netns exec qrouter-R1 iptables -t nat -nL mine | tail -n 1")).toContain("0.0.0.0/0");
  expect(output("ip netns exec qrouter-R1 iptables -t nat -S mine")).toBe(
    "-N mine\n-A mine -s 10.9.0.5/32 -j SNAT --to-source 192.0.2.5\n",
  );
  expect(output("ip netns exec qrouter-R1 iptables-save -c -t nat | grep SNAT")).toBe(
    "[0:0] -A mine -s 10.9.0.5/32 -j SNAT --to-source 192.0.2.5\n",
  );
  expect(output("ip netns exec qrouter-R1 iptables -t nat -L yours")).toContain('"mine"');
  expect(output("ip netns exec qrouter-R1 iptables -A INPUT -j DROP")).toContain("refused");
});

it("reads kernel parameters, their defaults, and a device's own path from the host", () => {
  expect(output("ip netns exec qrouter-R1 sysctl net.ipv4.ip_forward")).toBe("net.ipv4.ip_forward = 1\n");
  expect(output("ip netns exec qrouter-R1 cat /proc/sys/net/ipv4/conf/qr-1/proxy_arp")).toBe("1\n");
  expect(output("cat /proc/sys/net/ipv4/conf/qr-1/proxy_arp")).toBe("1\n");
  expect(output("ip netns exec qrouter-R1 sysctl -n net.ipv4.conf.qr-1.arp_ignore")).toBe("0\n");
  expect(output("ip netns exec qrouter-R1 cat /proc/sys/net/nothing")).toContain("No such file or directory");
  expect(output("cat /etc/shadow")).toContain("refused");
});

it("carries state from command to command, and lets time pass", () => {
  const story = scene();
  expect(story.exec("node-1", "ip netns exec qrouter-R1 ping -c 1 -W 1 10.9.0.9")).toMatchObject({ status: 1 });
  const fdb = (): string => {
    const answer = story.exec("node-1", "ovs-appctl fdb/show br-int | tail -n 1");
    return answer.kind === "printed" ? answer.text : "";
  };
  expect(fdb()).toContain("02:00:00:00:00:01");
  expect(story.step("wait 400s")).toMatchObject({ status: 0 });
  expect(fdb()).toContain("Age");
  expect(story.step("node-1 ip netns")).toMatchObject({ text: "qrouter-1111 (id: 0)\n" });
  expect(story.step("somebody ping x")).toMatchObject({ kind: "refused" });
});

it("pings with packets of a size, and says which do not fit", () => {
  const pinged = (flags: string): string[] => output(`ip netns exec qrouter-R1 ping -c 1 -W 1 ${flags} 10.9.0.9`).split("\n");
  expect(pinged("-s 1400")[0]).toBe("PING 10.9.0.9 (10.9.0.9) 1400(1428) bytes of data.");
  expect(pinged("-s 1473 -M do").slice(0, 2)).toEqual([
    "PING 10.9.0.9 (10.9.0.9) 1473(1501) bytes of data.",
    "ping: local error: message too long, mtu=1500",
  ]);
  expect(pinged("-q")[1]).toBe("");
  expect(pinged("-s 70000")[0]).toContain("65507 bytes");
});

it("hears that nobody is there, with three requests under way", () => {
  const lines = [1, 2, 3].map((sequence) => `From 10.9.0.1 icmp_seq=${sequence} Destination Host Unreachable`);
  expect(output("ip netns exec qrouter-R1 ping -c 3 10.9.0.9").split("\n")).toEqual([
    "PING 10.9.0.9 (10.9.0.9) 56(84) bytes of data.",
    ...lines,
    "",
    "--- 10.9.0.9 ping statistics ---",
    "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 3000ms",
    "pipe 3",
    "",
  ]);
  expect(output("ip netns exec qrouter-R1 traceroute 10.9.0.9")).toContain(" 1  10.9.0.1 (10.9.0.1)  3000 ms !H  3000 ms !H  3000 ms !H\n");
});

it.each([
  ["ping -c 1001 10.9.0.5", "up to 1000"],
  ["ping -c 1.5 10.9.0.5", "up to 1000"],
  ["ping -i 1e300 10.9.0.5", "86400 seconds"],
  ["ping -W 90000 10.9.0.5", "86400 seconds"],
  ["traceroute -m 256 10.9.0.9", "255 hops"],
  ["traceroute -m x 10.9.0.9", "255 hops"],
  ["traceroute -w 0 10.9.0.9", "86400 seconds"],
])("does not simulate for ever: %s", (command, limit) => {
  const story = scene();
  expect(story.exec("node-1", `ip netns exec qrouter-R1 ${command}`)).toMatchObject({
    kind: "refused",
    message: expect.stringContaining(limit) as string,
  });
  expect(story.step(`wait ${"9".repeat(400)}s`)).toMatchObject({ kind: "refused" });
});
