import type { Audit } from "./audit.js";
import type { Finding, HostComparison, Omission } from "./finding.js";

/** Tells findings that have a reason to be none from drift: they become omissions, one for each artefact and reason. */
export function except(audit: Audit, reasonsOf: (host: HostComparison) => (finding: Finding) => string | undefined): Audit {
  return {
    ...audit,
    hosts: audit.hosts.map((host) => {
      const reasonOf = reasonsOf(host);
      const omissions = new Map<string, Omission>();
      const findings = host.findings.filter((finding) => {
        const reason = reasonOf(finding);
        const { artefact } = finding;
        if (reason !== undefined) omissions.set(`${artefact}\n${reason}`, { host: host.host, artefact, reason });
        return reason === undefined;
      });
      return { ...host, findings, omissions: [...host.omissions, ...omissions.values()] };
    }),
  };
}
