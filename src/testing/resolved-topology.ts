import { defined } from "../base/invariant.js";
import type { ResolvedSecurityGroup, ResolvedTopology } from "../model/resolved.js";
import { findRelease } from "../releases/index.js";
import { resolveTopology } from "../resolve/index.js";
import { checkedYaml } from "./check-yaml.js";
import { emptyDocument } from "./topology.js";

/** The server's database of a YAML topology for Zed, without a lock. Errors: an invariant where the topology has one. */
export function resolvedTopology(yaml: string): ResolvedTopology {
  const release = defined(findRelease("zed"), "release");
  const [resolution] = resolveTopology(checkedYaml(yaml, release), release, undefined, emptyDocument);
  return defined(resolution, "resolution").topology;
}

/** The topology with a chain of security groups besides, each of which lets the next one in; the last has the name. */
export function withChainOfGroups(topology: ResolvedTopology, length: number, nameOfLast: string): ResolvedTopology {
  const { id, projectId } = defined(topology.networks[0], "network");
  const groups: ResolvedSecurityGroup[] = [];
  for (let next: ResolvedSecurityGroup | undefined; groups.length < length; next = groups.at(-1)) {
    const remote = next === undefined ? {} : { remoteGroup: next };
    const rule = { pointer: "/r", direction: "ingress", ethertype: "IPv4", ...remote } as const;
    const key = `group/${length - groups.length}`;
    groups.push({
      key,
      id,
      name: next === undefined ? nameOfLast : "",
      projectId,
      pointer: "/g",
      stateful: true,
      rules: [rule],
      members: [],
    });
  }
  return { ...topology, securityGroups: groups.reverse() };
}
