import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** Only a project's own default group is called so. Source: Neutron `_validate_name_not_default`. */
export function* checkSecurityGroupNames({ topology, at, written }: CheckContext): Iterable<Diagnostic> {
  for (const { key, name, isDefault, pointer } of topology.securityGroups.values()) {
    if (isDefault || name.toLowerCase() !== "default") continue;
    const place = written(`${pointer}/name`) ? at(`${pointer}/name`) : at(pointer, "key");
    yield report("reserved-group-name", { group: key, name }, place);
  }
}
