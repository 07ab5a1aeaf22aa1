import { stringify } from "yaml";
import type { TopologyDocument } from "../dsl/types.generated.js";

const header = `# yaml-language-server: $schema=topology.schema.json
# For editors; \`dvrc schema --json > topology.schema.json\` writes it.
`;

/** A topology as YAML for people: block style, short lists in line, with the line that tells editors its schema. */
export function topologyText(document: TopologyDocument): string {
  return header + stringify(document, { lineWidth: 140, aliasDuplicateObjects: false });
}
