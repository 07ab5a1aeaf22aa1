import type { Reference } from "../../model/topology.js";
import type { Pointer } from "../../source/pointer.js";
import type { DeclareContext } from "./context.js";
import { refer } from "./references.js";

/** Name of the group that every project has. Source: Neutron `_ensure_default_security_group`. */
const defaultGroup = "default";

/** Key of a project's own `default`: plain for the topology's project, with the project before it for others. */
export function defaultGroupKey(context: DeclareContext, projectId: string): string {
  return projectId === context.projectId ? defaultGroup : `${projectId}/${defaultGroup}`;
}

/** The project whose default group is meant by a key of `security_groups`; undefined for ordinary groups. */
export function projectOfDefault(context: DeclareContext, key: string, projectId: string | undefined): string | undefined {
  if (key === defaultGroup) return projectId ?? context.projectId;
  const suffix = `/${defaultGroup}`;
  if (!key.endsWith(suffix)) return undefined;
  const prefix = key.slice(0, -suffix.length);
  return prefix === projectId || (projectId === undefined && context.names.projects.has(prefix)) ? prefix : undefined;
}

/**
 * A reference to a security group, `default` being the project's own whether it is declared or not.
 *
 * Errors: undefined, and a complaint, where there is no such group.
 */
export function referGroup(
  context: DeclareContext,
  name: string,
  projectId: string,
  pointer: Pointer,
  owner: string,
): Reference | undefined {
  if (name === defaultGroup) return { key: defaultGroupKey(context, projectId), pointer };
  const ofProject = projectOfDefault(context, name, undefined);
  if (ofProject !== undefined) return { key: defaultGroupKey(context, ofProject), pointer };
  return refer(context, "security-group", name, pointer, owner);
}
