import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { goldenFiles } from "./golden-files.js";
import { startOpenVswitch, type OpenVswitch } from "./open-vswitch.js";

let openVswitch: OpenVswitch;
beforeAll(() => {
  openVswitch = startOpenVswitch();
});
afterAll(() => openVswitch.stop());

beforeEach(() => {
  const settings = ["datapath_type=dummy", "fail_mode=secure", "protocols=OpenFlow10,OpenFlow13"];
  openVswitch.run("ovs-vsctl", "add-br", "br", "--", "set", "bridge", "br", ...settings);
});
afterEach(() => void openVswitch.run("ovs-vsctl", "del-br", "br"));

const flowFiles = goldenFiles((name) => name.endsWith(".flows"));

it.each(flowFiles)("loads %s into Open vSwitch, which prints it back byte for byte", (path) => {
  const bridge = openVswitch.address("br");
  const flows = sortedLines(readFileSync(path, "utf8")).filter((flow) => !tracksWithoutProtocol(flow));
  openVswitch.load(
    bridge,
    "OpenFlow13",
    flows.filter((flow) => !popsWithoutVlan(flow)),
  );
  const older = flows.filter(popsWithoutVlan).map((flow) => flow.replace(" reset_counts", "").replaceAll("pop_vlan", "strip_vlan"));
  openVswitch.load(bridge, "OpenFlow10", older);
  const printed = openVswitch.run("ovs-ofctl", "-O", "OpenFlow13", "--no-stats", "--no-names", "dump-flows", bridge);
  // OpenFlow has no order: ours is by table, priority and text, theirs by hash.
  expect(sortedLines(printed)).toEqual(flows);
});

it("finds flows that this Open vSwitch refuses in Newton's openvswitch firewall only", () => {
  const refused = flowFiles.flatMap((path) =>
    sortedLines(readFileSync(path, "utf8"))
      .filter(tracksWithoutProtocol)
      .map((flow) => ({ path, flow })),
  );
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter(({ path }) => !path.includes("/newton/"))).toEqual([]);
  for (const { flow } of refused)
    expect(() => openVswitch.load(openVswitch.address("br"), "OpenFlow10", [flow.replace(" reset_counts", "")]), flow).toThrow(
      "OFPBAC_MATCH_INCONSISTENT",
    );
});

/**
 * Neutron 9's firewall tracks connections of any EtherType, which Open vSwitch took until 2.5; later ones take ct() for IP only.
 *
 * Source: Neutron 9.0.0 `OVSFirewallDriver._initialize_tracked_egress`; ofpact_check__ of Open vSwitch.
 */
function tracksWithoutProtocol(flow: string): boolean {
  return /[=,]ct\(/.test(flow) && !/[ ,](?:ip|tcp|udp|icmp|sctp)(?:v?6)?[, ]/.test(flow);
}

/** Neutron 9's firewall also strips a VLAN that it does not match, which OpenFlow 1.0 alone allows: its bridge is ovs-ofctl's, with the oldest protocol. */
function popsWithoutVlan(flow: string): boolean {
  return /[=,]pop_vlan/.test(flow) && !/dl_vlan=|vlan_tci=/.test(flow);
}

function sortedLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "")
    .sort();
}
