import { expect, it } from "vitest";
import { parseIpSets } from "./parse.js";

const saved = `create NIPv4web hash:net family inet hashsize 1024 maxelem 65536
add NIPv4web 192.0.2.0/24
add NIPv4web 198.51.100.7
create NIPv6web hash:net family inet6 hashsize 1024 maxelem 65536
`;

const listed = `Name: NIPv4web
Type: hash:net
Revision: 7
Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x5a05a05a
Size in memory: 552
References: 3
Number of entries: 2
Members:
192.0.2.0/24
198.51.100.7

Name: NIPv6web
Type: hash:net
Revision: 7
Header: family inet6 hashsize 1024 maxelem 65536 bucketsize 12 initval 0x12345678
Size in memory: 1240
References: 1
Number of entries: 0
Members:
`;

function facts(text: string): readonly unknown[] {
  const { value, problems } = parseIpSets(text);
  expect(problems).toEqual([]);
  return value.map(({ origin: _, ...set }) => set);
}

it("reads sets as they are listed and as they are saved", () => {
  expect(facts(listed)).toEqual(facts(saved));
  expect(facts(saved)).toMatchObject([{ name: "NIPv4web", family: "inet", members: ["192.0.2.0/24", "198.51.100.7/32"] }, { members: [] }]);
});

it("tells of sets of another type and of what is no member", () => {
  expect(parseIpSets("Name: s\nType: bitmap:port\nHeader: range 0-65535\nMembers:\n80\n").problems.map(({ line }) => line)).toEqual([3, 5]);
  expect(parseIpSets("add s 192.0.2.1\n").problems).toHaveLength(1);
});
