import { expect, it } from "vitest";
import { audit } from "../src/audit/audit.js";
import { type AuditedHost, compiledSide, dumpedSide } from "../src/audit/audited-host.js";
import { loadHostDump } from "../src/audit/load-dumps.js";
import { defined } from "../src/base/invariant.js";
import { compiledHost } from "../src/compile.js";
import type { TopologyDocument } from "../src/dsl/types.generated.js";
import { printArtefacts } from "../src/emit/layout.js";
import type { LockValue } from "../src/resolve/lock.js";
import { clouds } from "./tools/clouds.js";
import { compileDocument } from "./tools/compile-document.js";
import { randomOf, shuffleLock } from "./tools/shuffle-lock.js";

type Rechoose = (lock: ReadonlyMap<string, LockValue>) => ReadonlyMap<string, LockValue>;

/** What a comparison finds that is neither a number nor chance, where the live hosts chose otherwise. */
function drift(
  cloud: TopologyDocument,
  release: string,
  rechoose: Rechoose,
  edited: (text: string, path: string) => string = (text) => text,
): string[] {
  const expected = compileDocument(cloud, { release });
  for (const host of expected.hosts) expected.host(host);
  const live = compileDocument(cloud, { release, lock: rechoose(expected.nextLock().allocations) });
  const dumpOf = (host: string): AuditedHost => {
    const files = printArtefacts(compiledHost(live, host).state).map(
      ({ path, text }) => [path.slice(host.length + 1), edited(text, path)] as const,
    );
    return dumpedSide(loadHostDump(host, new Map(files)), true);
  };
  const { hosts } = audit(
    { hosts: expected.hosts, host: (host) => compiledSide(compiledHost(expected, host).state) },
    { hosts: live.hosts, host: dumpOf },
    live.release,
  );
  return hosts.flatMap(({ host, findings }) =>
    findings
      .filter(({ nature }) => nature === "drift")
      .map(
        ({ artefact, kind, about, expected: own, live: other }) =>
          `${host} ${artefact} ${kind} ${about}: ${own?.text ?? ""} | ${other?.text ?? ""}`,
      ),
  );
}

for (const [index, [name, cloud]] of Object.entries(clouds).entries()) {
  it(`finds no drift in ${name} whose hosts count and choose otherwise`, () => {
    // Whether DHCP ports are served without the option depends on when they came.
    for (const [release, driver] of [
      ["zed", "openvswitch"],
      ["2025.1", "openvswitch"],
      [index % 2 === 0 ? "zed" : "2025.1", "iptables_hybrid"],
    ] as const) {
      const document = { ...cloud, agent: { ...cloud.agent, host_dvr_for_dhcp: true, firewall_driver: driver } };
      const found = drift(document, release, (lock) => shuffleLock(lock, randomOf(index + 1)));
      expect({ release, driver, found }).toEqual({ release, driver, found: [] });
    }
  });
}

it("takes marks of address scopes for numbers, but not another scope of one device, nor none", () => {
  const cloud = defined(clouds["address scopes"], "cloud");
  // Scopes exchange their marks in every router.
  const exchanged = (lock: ReadonlyMap<string, LockValue>): ReadonlyMap<string, LockValue> =>
    new Map([...lock].map(([key, value]) => [key, key.includes("/scope_mark/") ? 1030 - Number(value) + 1024 : value]));
  expect(drift(cloud, "zed", exchanged)).toEqual([]);
  for (const wrong of [1024, 1029]) {
    let edits = 0;
    // The first inner device of the first router that has a scope.
    const edited = (text: string, path: string): string => {
      if (edits > 0 || !path.endsWith("/iptables-save.txt") || !path.includes("qrouter")) return text;
      return text.replace(/(-A neutron-l3-agent-scope -i qr-\S+ -j MARK --set-xmark )0x(4(?!00)[0-9a-f]{2})0000/, (_, rule: string) => {
        edits++;
        return `${rule}0x${wrong.toString(16)}0000`;
      });
    };
    const found = drift(cloud, "zed", exchanged, edited);
    expect([wrong, edits, found.length, found[0]]).toEqual([wrong, 1, 1, expect.stringContaining("-j MARK")]);
  }
});

it("tells VLANs of the wire from local ones of the same numbers", () => {
  const cloud = defined(clouds["VLAN networks alone"], "cloud");
  const neutron = { tenant_network_type: "vlan", network_vlan_ranges: { physv: [5, 6] } } as const;
  const crossed = { "network/V": 6, "network/W": 5 };
  const crossing = (lock: ReadonlyMap<string, LockValue>): ReadonlyMap<string, LockValue> =>
    new Map(
      [...lock].map(([key, value]) => [key, Object.entries(crossed).find(([owner]) => key.endsWith(`/local_vlan/${owner}`))?.[1] ?? value]),
    );
  for (const firewall of ["openvswitch", "noop"] as const) {
    const document: TopologyDocument = { ...cloud, agent: { tunnel_types: [], firewall_driver: firewall }, neutron };
    expect({ firewall, found: drift(document, "zed", crossing) }).toEqual({ firewall, found: [] });
  }
});
