import { expect, it } from "vitest";
import { parseIptables } from "./parse.js";
import { printIptables } from "./print.js";

/** What a rule of one chain matches. */
function matchesOf(rule: string): readonly unknown[] {
  const { value, problems } = parseIptables(`*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD ${rule}\nCOMMIT\n`);
  expect([problems, printIptables(value).split("\n")[2]]).toEqual([[], `-A FORWARD ${rule}`]);
  return value.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.flatMap(({ matches }) => matches)));
}

it("reads a protocol's module that only makes way for a list of ports", () => {
  expect(matchesOf("-p tcp -m tcp -m multiport --dports 81:83 -j RETURN")).toEqual([
    { kind: "protocol", protocol: "tcp" },
    { kind: "ports", module: "tcp" },
    { kind: "multiport", direction: "dports", ports: "81:83" },
  ]);
});

it("keeps what it does not know as it is", () => {
  expect(matchesOf("-p tcp -m tcp --tcp-flags SYN,RST SYN -j RETURN")).toMatchObject([{ kind: "protocol" }, { kind: "other" }]);
});
