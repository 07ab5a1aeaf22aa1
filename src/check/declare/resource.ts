import type { Declaration } from "../../model/topology.js";
import type { Uuid } from "../../net/uuid.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import type { DeclareContext } from "./context.js";
import { declareUuid } from "./values.js";

/** The attributes that every resource of the Networking API has. */
interface ResourceDocument {
  readonly id?: string;
  readonly name?: string;
  readonly project_id?: string;
}

/** The part of a declaration that all resources share. */
export function declareResource(
  context: DeclareContext,
  input: ResourceDocument,
  key: string,
  pointer: Pointer,
  owner: string,
  defaultName: string = key,
): Declaration {
  const id = declareId(context, input.id, pointer, owner);
  const resource = { key, name: input.name ?? defaultName, pointer, projectId: input.project_id ?? context.projectId };
  return id === undefined ? resource : { ...resource, id };
}

/** A pinned id. Errors: undefined, and a complaint, where it is none. */
export function declareId(context: DeclareContext, text: string | undefined, pointer: Pointer, owner: string): Uuid | undefined {
  return text === undefined ? undefined : declareUuid(context, { text, pointer: pointerTo(pointer, "id"), attribute: "Id", owner });
}
