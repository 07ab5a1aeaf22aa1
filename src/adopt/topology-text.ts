import { stringify } from "yaml";
import type { TopologyDocument } from "../dsl/types.generated.js";

/** A topology as YAML for people: block style, short lists in line, with the line that tells editors its schema. */
export function topologyText(document: TopologyDocument): string {
  const header = "# yaml-language-server: $schema=https://dvrc.dev/schema/topology.schema.json\n";
  return header + stringify(document, { lineWidth: 140, aliasDuplicateObjects: false });
}
