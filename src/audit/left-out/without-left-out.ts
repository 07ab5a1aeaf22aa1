import type { HostState } from "../../ir/host-state.js";
import type { LeftOut } from "../../model/left-out.js";
import type { Audit } from "../audit.js";
import { except } from "../except.js";
import { extensions } from "./extensions.js";
import { Owners } from "./owners.js";

/**
 * Tells from drift what hosts have for resources that the topology leaves out, and what only extensions of the agents make that dvrc does not model.
 *
 * `liveState` is asked again for hosts that differ.
 */
export function withoutLeftOut(audit: Audit, leftOut: readonly LeftOut[], liveState: (host: string) => HostState | undefined): Audit {
  return except(audit, ({ host, findings }) => {
    const state = leftOut.length === 0 || findings.length === 0 ? undefined : liveState(host);
    const owners = state && new Owners(leftOut, state, findings);
    return (finding) => {
      const owner = owners?.of(finding);
      if (owner !== undefined) return `${owner.what} is left out of the topology`;
      return extensions.find(({ makes }) => finding.kind === "unexpected" && finding.live !== undefined && makes(finding.live))?.reason;
    };
  });
}
