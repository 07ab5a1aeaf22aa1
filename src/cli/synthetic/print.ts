import { Document, isMap, visit } from "yaml";
import type { TopologyDocument } from "../../dsl/types.generated.js";
import type { CloudFormat } from "./format.js";

/** The text of a topology: in YAML a line for each resource. */
export function printCloud(cloud: TopologyDocument, format: CloudFormat): string {
  if (format === "json") return `${JSON.stringify(cloud, undefined, 2)}\n`;
  const document = new Document(cloud, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node, path) {
      if (path.filter(isMap).length < resourceDepth) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Mappings above a resource: the document and its section. */
const resourceDepth = 2;
