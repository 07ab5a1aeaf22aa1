import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { goldenFiles } from "./golden-files.js";
import { startOpenVswitch, type OpenVswitch } from "./open-vswitch.js";

let openVswitch: OpenVswitch;
beforeAll(() => {
  openVswitch = startOpenVswitch();
});
afterAll(() => openVswitch.stop());

it.each(goldenFiles((name) => name.endsWith(".flows")))("loads %s into Open vSwitch, which prints it back byte for byte", (path) => {
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
    "protocols=OpenFlow13",
  );
  const bridge = openVswitch.address("br");
  openVswitch.run("ovs-ofctl", "-O", "OpenFlow13", "add-flows", bridge, path);
  const printed = openVswitch.run("ovs-ofctl", "-O", "OpenFlow13", "--no-stats", "--no-names", "dump-flows", bridge);
  openVswitch.run("ovs-vsctl", "del-br", "br");
  // OpenFlow has no order: ours is by table, priority and text, theirs by hash.
  expect(sortedLines(printed)).toEqual(sortedLines(readFileSync(path, "utf8")));
});

function sortedLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "")
    .sort();
}
