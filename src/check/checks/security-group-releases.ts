import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { describeRule } from "../rules.js";

/** Groups and rules say what the release knows. */
export function* checkSecurityGroupReleases({ topology, release, at }: CheckContext): Iterable<Diagnostic> {
  const { name, features } = release;
  if (features.has("stateless-and-address-groups")) return;
  for (const group of topology.securityGroups.values()) {
    if (!group.stateful) {
      const holes = { owner: `Security group "${group.key}"`, wish: "is stateless", release: name };
      yield report("group-not-in-release", holes, at(pointerTo(group.pointer, "stateful")));
    }
    for (const rule of group.rules) {
      if (rule.remoteAddressGroup === undefined) continue;
      const holes = { owner: describeRule(group, rule), wish: "has a remote address group", release: name };
      yield report("group-not-in-release", holes, at(pointerTo(rule.pointer, "remote_address_group")));
    }
  }
}
