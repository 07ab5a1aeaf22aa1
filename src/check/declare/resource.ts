import { present } from "../../base/present.js";
import type { Declaration } from "../../model/topology.js";
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
  const id =
    input.id === undefined
      ? undefined
      : declareUuid(context, { text: input.id, pointer: pointerTo(pointer, "id"), attribute: "Id", owner });
  return {
    key,
    name: input.name ?? defaultName,
    pointer,
    projectId: input.project_id ?? context.projectId,
    ...present({ id }),
  };
}
