import { it } from "vitest";
import { checkYaml } from "../../testing/check-yaml.js";
import { expectSlugs } from "../../testing/expect-diagnostics.js";

const rules = (...list: readonly string[]): string => `security_groups: { web: { rules: [${list.join(", ")}] } }`;

it("accepts rules that differ in anything", () => {
  expectSlugs(
    checkYaml(rules("{}", "{ ethertype: IPv6 }", "{ remote_group: web }", "{ remote_ip_prefix: 10.0.0.0/8 }", "{ protocol: tcp }")),
  );
});

it("sees through keywords, numbers and prefixes of every address", () => {
  expectSlugs(checkYaml(rules("{ protocol: tcp }", "{ protocol: 6, remote_ip_prefix: 0.0.0.0/0 }")), "duplicate-rule");
  expectSlugs(checkYaml(rules("{ protocol: tcp }", "{ protocol: tcp, port: '1:65535' }")), "duplicate-rule");
});

it("tells address groups apart, and from security groups", () => {
  const blocks = "address_groups: { a: { addresses: [] }, b: { addresses: [] } }";
  const remote = (...list: readonly string[]): string => `${blocks}\n${rules(...list.map((text) => `{ ${text} }`))}`;
  expectSlugs(checkYaml(remote("remote_address_group: a", "remote_address_group: b", "remote_group: web", "protocol: tcp")));
  expectSlugs(checkYaml(remote("remote_address_group: a", "remote_address_group: a")), "duplicate-rule");
});

it("counts the rules that a group starts with, unless it starts with none", () => {
  expectSlugs(checkYaml(rules("{ direction: egress }")), "duplicate-rule");
  expectSlugs(checkYaml("security_groups: { web: { default_rules: false, rules: [{ direction: egress }] } }"));
});
