import type { Audit } from "../audit/audit.js";
import { except } from "../audit/except.js";
import type { Finding } from "../audit/finding.js";

/** What differs in every lab and is no drift, by what `dvrc diff` says of it. The list is complete: all else is compared. */
const exceptions: readonly { readonly is: (finding: Finding, others: readonly Finding[]) => boolean; readonly reason: string }[] = [
  {
    is: ({ artefact, about }) => artefact === "bridges.txt" && about === "another datapath_type",
    reason: "datapath_type is netdev: the lab runs on the userspace datapath",
  },
  {
    is: ({ artefact, expected, live }, others) =>
      artefact.endsWith(".flows") &&
      (expected === undefined
        ? others.some((other) => standIns(other.expected?.text ?? "").includes(live?.text ?? ""))
        : isStoodInFor(expected.text, others)),
    reason: "a flow that tracks without naming IP is two, as Open vSwitch has refused it since",
  },
];

/** What `apply.sh` loads for a flow of the first openvswitch firewall, as `dvrc diff` shows flows; nothing for a flow that can be loaded. */
function standIns(text: string): readonly string[] {
  const [head = ""] = text.split(" actions=");
  const tracks = / actions=.*ct\(/.test(text) && !/[ ,](?:ip|ipv6|icmp6?|tcp6?|udp6?|sctp6?),/.test(`${head},`);
  return tracks ? ["ip", "ipv6"].map((version) => text.replace(/(ct_state=[^, ]*,)/, `$1${version},`)) : [];
}

function isStoodInFor(text: string, others: readonly Finding[]): boolean {
  const wanted = standIns(text);
  return wanted.length > 0 && wanted.every((one) => others.some(({ live }) => live?.text === one));
}

/** Tells what a lab cannot have otherwise from drift: such findings become omissions. */
export function withoutExceptions(audit: Audit): Audit {
  return except(
    audit,
    ({ findings }) =>
      (finding) =>
        exceptions.find(({ is }) => is(finding, findings))?.reason,
  );
}
