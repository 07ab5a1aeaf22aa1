import type { Audit } from "../audit/audit.js";
import type { Finding } from "../audit/finding.js";

/** What differs in every lab and is no drift, by what `dvrc diff` says of it. The list is complete: all else is compared. */
const exceptions: readonly { readonly is: (finding: Finding) => boolean; readonly reason: string }[] = [
  {
    is: ({ artefact, about }) => artefact === "bridges.txt" && about === "another datapath_type",
    reason: "datapath_type is netdev: the lab runs on the userspace datapath",
  },
];

/** Tells what a lab cannot have otherwise from drift: such findings become omissions. */
export function withoutExceptions(audit: Audit): Audit {
  return {
    ...audit,
    hosts: audit.hosts.map((host) => {
      const excepted = host.findings.flatMap((finding) =>
        exceptions.filter(({ is }) => is(finding)).map(({ reason }) => ({ finding, reason })),
      );
      const dropped = new Set(excepted.map(({ finding }) => finding));
      const reasons = new Map(excepted.map(({ finding: { artefact }, reason }) => [reason, { host: host.host, artefact, reason }]));
      return {
        ...host,
        findings: host.findings.filter((finding) => !dropped.has(finding)),
        omissions: [...host.omissions, ...reasons.values()],
      };
    }),
  };
}
