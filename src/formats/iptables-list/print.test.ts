import { expect, it } from "vitest";
import { parseIptables } from "../iptables-save/parse.js";
import { type ListDialect, plainList } from "./dialect.js";
import { listCommands, listTable } from "./print.js";

function list(rules: readonly string[], dialect: Partial<ListDialect> = {}): string[] {
  const text = ["*nat", ":PREROUTING ACCEPT [0:0]", ":own - [0:0]", ...rules, "COMMIT", ""].join("\n");
  const [table] = parseIptables(text).value;
  return table === undefined ? [] : listTable(table, { ...plainList, ...dialect });
}

it("lists chains with their policy or references, and rules in columns", () => {
  const rules = [
    "-A PREROUTING -d 192.0.2.55/32 -i rfp-1 -j DNAT --to-destination 192.0.2.12",
    '-A PREROUTING -m comment --comment "a b" -j own',
  ];
  expect(list(rules)).toEqual([
    "Chain PREROUTING (policy ACCEPT)",
    "target     prot opt source               destination         ",
    "DNAT       all  --  anywhere             192.0.2.55           to:192.0.2.12",
    "own        all  --  anywhere             anywhere             /* a b */",
    "",
    "Chain own (1 references)",
    "target     prot opt source               destination         ",
  ]);
});

it.each([
  ["1.8", { numeric: false }, "REDIRECT   tcp  --  anywhere             192.0.2.254          tcp dpt:http redir ports 9697"],
  ["1.8", { numeric: true }, "REDIRECT   6    --  0.0.0.0/0            192.0.2.254          tcp dpt:80 redir ports 9697"],
  ["1.4", { numeric: true }, "REDIRECT   tcp  --  0.0.0.0/0            192.0.2.254          tcp dpt:80 redir ports 9697"],
] as const)("lists a rule as iptables %s does: %o", (version, asked, line) => {
  expect(list(["-A PREROUTING -d 192.0.2.254/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 9697"], { version, ...asked })[2]).toBe(
    line,
  );
});

it("leaves the column of IPv6 fragments empty in 1.4", () => {
  const rule = "-A PREROUTING -p ipv6-icmp -j ACCEPT";
  expect(list([rule], { version: "1.4", ipVersion: 6 })[2]).toBe("ACCEPT     ipv6-icmp     anywhere             anywhere            ");
  expect(list([rule], { version: "1.8", ipVersion: 6 })[2]).toBe("ACCEPT     ipv6-icmp --  anywhere             anywhere            ");
});

it("gives the commands that make a table", () => {
  const [table] = parseIptables("*nat\n:PREROUTING ACCEPT [0:0]\n:own - [0:0]\n-A PREROUTING -j own\nCOMMIT\n").value;
  expect(table && listCommands(table)).toEqual(["-P PREROUTING ACCEPT", "-N own", "-A PREROUTING -j own"]);
  expect(table && listCommands(table, "own")).toEqual(["-N own"]);
});
