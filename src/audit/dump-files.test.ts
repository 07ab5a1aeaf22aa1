import { expect, it } from "vitest";
import { dumpFile } from "./dump-files.js";

it("knows the host's own tables by the names that people give them", () => {
  const own = [
    "iptables-save.txt",
    "root/iptables-save.txt",
    "root-ns/iptables-save",
    "host-iptables-save.txt",
    "default/iptables-save.txt",
  ];
  expect(own.map((path) => dumpFile(path)?.path)).toEqual(own.map(() => "iptables-save.txt"));
  const sets = ["ipset.txt", "ipset-save.txt", "ipset-list.txt", "ipsets.txt", "root/ipset", "host_ipset_list.txt"];
  expect(sets.map((path) => dumpFile(path)?.path)).toEqual(sets.map(() => "ipset.txt"));
  expect(dumpFile("iptables-save.txt")?.rank).toBeGreaterThan(dumpFile("root/iptables-save.txt")?.rank ?? 0);
});

it("takes no other namespace's tables for the host's own", () => {
  for (const path of ["vm-1/iptables-save.txt", "a/root/iptables-save.txt", "../iptables-save.txt", "x-iptables-save.txt"])
    expect({ path, file: dumpFile(path) }).toEqual({ path, file: undefined });
});
