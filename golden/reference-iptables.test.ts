import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { printIptables } from "../src/formats/iptables-save/print.js";
import type { Namespace } from "../src/ir/namespace.js";
import { compileOsDvr, namespaceOf, type Variant } from "./tools/os-dvr.js";

/**
 * A dump with the sg- devices of its scope chains by port id, as live systems of zed and later have them. The dumps were made by rule writers that were
 * given the ports in the order of the routers' interfaces. It is the only line order that is not compared as dumped; newton's is exact.
 */
function withScopeOrder(dump: string): string {
  return dump.replace(
    /(?:^-A neutron-l3-agent-scope -[io] sg-.*\n)+/gm,
    (lines) => lines.split("\n").slice(0, -1).sort().join("\n") + "\n",
  );
}

const releases = ["newton", "zed", "2026.1"] as const;
const dumps = (release: string): string => `golden/reference/dumps/${release}/iptables-save`;

/** Where a dump's namespace is: in which variant of the example, on which host. */
interface Place {
  readonly dump: string;
  readonly variant?: Variant;
  readonly host: string;
  readonly kind: Namespace["kind"];
}

const noSnat: Variant = ({ routers }) => {
  routers.R1["external_gateway_info"] = { network: "EXT-NET", enable_snat: false };
  delete routers.R1["external_gateway"];
};

const centralised: Variant = ({ routers }) => {
  routers.R1["distributed"] = false;
};

const noFloatingIp: Variant = ({ servers }) => {
  delete servers.VM1["floating_ip"];
};

/** The order of the rules is that of the ids: the second floating IP's is pinned to be the last. */
const twoFloatingIps: Variant = (topology) => {
  topology.servers.VM2["availability_zone"] = "AZ-BLUE";
  topology.floating_ips = {
    second: { id: "ffffffff-0000-4000-8000-000000000060", network: "EXT-NET", floating_ip_address: "169.254.0.60", server: "VM2" },
  };
};

const both =
  (...variants: readonly Variant[]): Variant =>
  (topology) => {
    for (const variant of variants) variant(topology);
  };

const places: readonly Place[] = [
  { dump: "fip", host: "compute-2", kind: "fip" },
  { dump: "qdhcp", host: "network-1", kind: "qdhcp" },
  { dump: "qrouter-dvr-with-fip", host: "compute-2", kind: "qrouter" },
  { dump: "qrouter-dvr-no-fip", host: "compute-3", kind: "qrouter" },
  { dump: "qrouter-dvr-two-fips", variant: twoFloatingIps, host: "compute-2", kind: "qrouter" },
  { dump: "qrouter-dvr_snat-no-fip", host: "network-1", kind: "qrouter" },
  { dump: "qrouter-dvr", host: "compute-2", kind: "qrouter" },
  { dump: "snat", host: "network-1", kind: "snat" },
  { dump: "snat-enable_snat-false", variant: noSnat, host: "network-1", kind: "snat" },
  { dump: "qrouter-legacy-with-fip", variant: centralised, host: "network-1", kind: "qrouter" },
  { dump: "qrouter-legacy-no-fip", variant: both(centralised, noFloatingIp), host: "network-1", kind: "qrouter" },
  { dump: "qrouter-legacy-enable_snat-false", variant: both(centralised, noFloatingIp, noSnat), host: "network-1", kind: "qrouter" },
];

for (const release of releases) {
  it.each(places)(`has the chains and rules of ${release}'s $dump`, async ({ dump, variant, host, kind }) => {
    const namespace = namespaceOf(await compileOsDvr(release, variant), host, kind);
    const compared = (["v4", "v6"] as const).filter((version) => existsSync(`${dumps(release)}/${dump}.nft.${version}.txt`));
    expect(compared).not.toEqual([]);
    for (const version of compared) {
      const text = printIptables(version === "v4" ? namespace.iptables : namespace.ip6tables);
      const expected = readFileSync(`${dumps(release)}/${dump}.nft.${version}.txt`, "utf8");
      if (release === "newton") expect(text, version).toBe(expected);
      else expect(text, version).toBe(withScopeOrder(expected));
    }
  });

  // No dump is left out on purpose: one that no place names fails here.
  it(`compares every iptables dump of ${release}`, () => {
    const known = new Set(places.map(({ dump }) => dump));
    expect(readdirSync(dumps(release)).filter((file) => !known.has(file.slice(0, file.indexOf("."))))).toEqual([]);
  });
}
