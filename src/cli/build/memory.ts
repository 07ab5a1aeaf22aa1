import { hash } from "node:crypto";
import type { Compilation } from "../../compile.js";
import { type HostPlan, keepHost } from "../../emit/write.js";
import type { HostView } from "../../model/host-view.js";
import { TopologyVersions } from "../../model/versions.js";
import type { BuiltHost } from "./compile-hosts.js";

/** A host as a build left it. */
interface Remembered {
  readonly folder: string;
  /** Of its view, and of the release. */
  readonly fingerprint: string;
  readonly built: BuiltHost;
  readonly plan: HostPlan;
}

/** What `--watch` keeps from one build to the next, so that a host is lowered and printed only where its artefacts may have changed. */
export class BuildMemory {
  private readonly versions = new TopologyVersions();
  private hosts: ReadonlyMap<string, Remembered> = new Map();
  /** Of the hosts that this build has met so far. */
  private readonly fingerprints = new Map<string, string>();

  /** Begins the next build. */
  begin({ resolution }: Compilation): void {
    this.versions.update(resolution.topology);
    this.fingerprints.clear();
  }

  /** The host as the last build that had it left it; undefined where it has to be built. */
  unchanged(folder: string, view: HostView, release: string): Pick<Remembered, "built" | "plan"> | undefined {
    const { name } = view.host;
    const fingerprint = this.fingerprintOf(view, release);
    const known = this.hosts.get(name);
    if (known === undefined || known.fingerprint !== fingerprint || known.folder !== folder) return undefined;
    const plan = keepHost(folder, known.plan);
    return plan === undefined ? undefined : { built: known.built, plan };
  }

  /** Remembers a build that is committed, and lets go of its topology. */
  keep(compilation: Compilation, folder: string, built: readonly BuiltHost[], plans: readonly HostPlan[]): void {
    const byName = new Map(built.map((host) => [host.name, host]));
    const hosts = new Map<string, Remembered>();
    for (const plan of plans) {
      const host = byName.get(plan.host);
      // Of hosts that helpers compiled, only they have seen the view.
      const fingerprint = this.fingerprints.get(plan.host) ?? this.fingerprintAgain(compilation, plan.host);
      if (host !== undefined && fingerprint !== undefined) hosts.set(plan.host, { folder, fingerprint, built: host, plan });
    }
    this.hosts = hosts;
    this.versions.release();
  }

  private fingerprintAgain(compilation: Compilation, host: string): string | undefined {
    const [parts] = compilation.hostInParts(host);
    return parts === undefined ? undefined : this.fingerprintOf(parts.view, compilation.release.name);
  }

  private fingerprintOf(view: HostView, release: string): string {
    const fingerprint = hash("sha256", JSON.stringify([release, this.versions.fingerprint(view)]), "hex");
    this.fingerprints.set(view.host.name, fingerprint);
    return fingerprint;
  }
}
