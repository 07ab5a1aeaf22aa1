import { expect, it } from "vitest";
import { parseShard, selectHosts } from "./hosts.js";

const hosts = ["a", "b", "c", "d", "e"];

it("takes every host where none is named", () => {
  expect(selectHosts(hosts, [], undefined)).toEqual({ selected: hosts, diagnostics: [] });
});

it("keeps the topology's order, whatever the order of --host", () => {
  expect(selectHosts(hosts, ["d", "b"], undefined).selected).toEqual(["b", "d"]);
});

it("splits the hosts so that every one is in exactly one shard", () => {
  const shards = [1, 2, 3].map((index) => selectHosts(hosts, [], { index, count: 3 }).selected);
  expect(shards).toEqual([["a", "d"], ["b", "e"], ["c"]]);
});

it("says which name is no host, and which one is meant", () => {
  const { diagnostics } = selectHosts(["compute-1", "compute-2"], ["compute-2", "compute1"], undefined);
  expect(diagnostics).toMatchObject([{ name: "unknown-host-option", help: 'Did you mean "compute-1"?' }]);
});

it("reads a shard", () => {
  expect(parseShard("2/8")).toEqual({ index: 2, count: 8 });
});

it.each(["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", " 1/2"])("refuses the shard %s", (text) => {
  expect(() => parseShard(text)).toThrow("from 1 to n");
});
