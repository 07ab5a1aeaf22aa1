import type { Mac } from "../net/mac.js";
import type { Release } from "../releases/release.js";
import type { AuditedHost } from "./audited-host.js";
import { type ComparedHost, compareHost } from "./compare/host.js";
import type { HostComparison, Omission } from "./finding.js";

/** One side of an audit. A host is loaded or compiled when it is asked for, and may be asked for twice. */
export interface AuditSide {
  readonly hosts: readonly string[];
  /** Errors: undefined where the host cannot be had; the side has told why. */
  readonly host: (name: string) => AuditedHost | undefined;
}

/** What an audit compares, and how it tells how far it is. */
export interface AuditOptions {
  /** Hosts to compare; all of the expected side where undefined. */
  readonly hosts?: readonly string[] | undefined;
  readonly onHost?: (index: number, host: string) => void;
}

/** The outcome of an audit. */
export interface Audit {
  /** In order of the expected side's hosts. */
  readonly hosts: readonly HostComparison[];
  /** Hosts and artefacts that only one side has. */
  readonly omissions: readonly Omission[];
}

/**
 * Compares two sides host by host; memory is bounded by one host's states and what differs.
 *
 * Hosts have flows with each other's DVR MACs: where a host has another one, all are compared again with what is known then.
 */
export function audit(expected: AuditSide, live: AuditSide, release: Release, options: AuditOptions = {}): Audit {
  const wanted = new Set(options.hosts ?? expected.hosts);
  const shared = new Set(live.hosts);
  const names = expected.hosts.filter((name) => wanted.has(name) && shared.has(name));
  const compareAll = (dvrMacs: ReadonlyMap<Mac, Mac>): ComparedHost[] =>
    names.flatMap((name, index) => {
      options.onHost?.(index, name);
      const [own, other] = [expected.host(name), live.host(name)];
      return own === undefined || other === undefined ? [] : [compareHost(own, other, release, { dvrMacs })];
    });
  const first = compareAll(new Map());
  const dvrMacs = new Map(first.flatMap(({ dvrMac }) => (dvrMac === undefined ? [] : [dvrMac])));
  const hosts = dvrMacs.size > 0 && first.length > 1 ? compareAll(dvrMacs) : first;
  const omissions = [
    ...expected.hosts
      .filter((name) => wanted.has(name) && !shared.has(name))
      .map((host) => ({ host, artefact: "", reason: "the other side does not have the host" })),
    ...(options.hosts === undefined ? live.hosts.filter((name) => !wanted.has(name)) : []).map((host) => ({
      host,
      artefact: "",
      reason: "the expected side does not have the host",
    })),
  ];
  return { hosts, omissions };
}
