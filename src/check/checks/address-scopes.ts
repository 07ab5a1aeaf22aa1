import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** A network's address scopes are of the IP version that it names them for. Source: Neutron `AddressScope.ip_version`. */
export function* checkAddressScopes({ topology, at }: CheckContext): Iterable<Diagnostic> {
  for (const { key, ipv4AddressScope, ipv6AddressScope } of topology.networks.values()) {
    const uses = [
      { version: 4, attribute: "ipv4_address_scope", reference: ipv4AddressScope },
      { version: 6, attribute: "ipv6_address_scope", reference: ipv6AddressScope },
    ];
    for (const { version, attribute, reference } of uses) {
      const scope = topology.addressScopes.get(reference?.key ?? "");
      if (reference === undefined || scope === undefined || scope.ipVersion === version) continue;
      const related = [{ at: at(scope.pointer, "key"), message: `"${scope.key}" is declared here.` }];
      const holes = { network: key, attribute, scope: scope.key, version: scope.ipVersion };
      yield report("wrong-scope-version", holes, at(reference.pointer), { related });
    }
  }
}
