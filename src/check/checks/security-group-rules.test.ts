import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const rule = (text: string): string => `security_groups: { web: { rules: [{ ${text} }] } }`;

it("accepts keywords, numbers, ranges, types and codes", () => {
  for (const text of [
    "protocol: TCP, port: 22",
    "protocol: 17, port: '1:65535'",
    "protocol: 112",
    "protocol: any",
    "protocol: icmp, port_range_min: 8, port_range_max: 0",
    "protocol: icmp, ethertype: IPv6",
    "protocol: udplite, port: 5",
    "ethertype: IPv6, remote_ip_prefix: '2001:db8::/32'",
  ]) {
    expectSlugs(checkYaml(rule(text)));
  }
});

it("refuses what cannot be matched", () => {
  expectSlugs(checkYaml(rule("protocol: tpc")), "unknown-protocol");
  expectSlugs(checkYaml(rule("protocol: '256'")), "unknown-protocol");
  expectSlugs(checkYaml(rule("port: 22")), "ports-without-protocol");
  expectSlugs(checkYaml(rule("protocol: any, port: 22")), "ports-without-protocol");
  expectSlugs(checkYaml(rule("protocol: gre, port: 22")), "protocol-without-ports");
  expectSlugs(checkYaml(rule("protocol: tcp, port: 0")), "bad-rule-ports");
  expectSlugs(checkYaml(rule("protocol: tcp, port: '1:65536'")), "bad-rule-ports");
  expectSlugs(checkYaml(rule("protocol: tcp, port_range_min: 22")), "bad-rule-ports");
  expectSlugs(checkYaml(rule("protocol: icmp, port_range_max: 0")), "bad-icmp");
  expectSlugs(checkYaml(rule("protocol: icmp, port_range_min: 256")), "bad-icmp");
  expectSlugs(checkYaml(rule("protocol: ipv6-icmp")), "wrong-ethertype");
  expectSlugs(checkYaml(rule("protocol: 58")), "wrong-ethertype");
  expectSlugs(checkYaml(rule("ethertype: IPv6, remote_ip_prefix: 10.0.0.0/8")), "wrong-ethertype");
});
