import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";
import { describePort, sentence } from "../describe.js";

/**
 * A port without port security has neither groups nor address pairs of its own.
 *
 * Source: Neutron `PortSecurityPortHasSecurityGroup`, `AddressPairAndPortSecurityRequired`.
 */
export function* checkPortSecurity({ topology, at, written }: CheckContext): Iterable<Diagnostic> {
  for (const port of topology.ports.values()) {
    const secured = port.portSecurityEnabled ?? topology.networks.get(port.network.key)?.portSecurityEnabled ?? true;
    if (secured) continue;
    const owner = sentence(describePort(port));
    const pairs = port.allowedAddressPairs.length > 0 ? "allowed_address_pairs" : undefined;
    const own = written(`${port.pointer}/security_groups`);
    const groups = own && (port.securityGroups ?? []).length > 0 ? "security_groups" : undefined;
    for (const attribute of [pairs, groups]) {
      if (attribute !== undefined) yield report("needs-port-security", { owner, attribute }, at(`${port.pointer}/${attribute}`, "key"));
    }
  }
}
