import { didYouMean } from "../../base/did-you-mean.js";
import type { SchemaSection } from "./sections.js";

/** The section that a user means by its title or its path (`Subnet`, `subnets`, `networks.subnets`), in any letter case. */
export function findSection(sections: readonly SchemaSection[], word: string): SchemaSection | undefined {
  const wanted = word.toLowerCase();
  return sections.find((section) => handlesOf(section).includes(wanted));
}

/** The handle nearest to a word that names no section. */
export function sectionMeant(sections: readonly SchemaSection[], word: string): string | undefined {
  return didYouMean(word.toLowerCase(), sections.flatMap(handlesOf));
}

function handlesOf(section: SchemaSection): readonly string[] {
  const path = section.path.replace(/\.<name>|\[\]/g, "").toLowerCase();
  return [section.title.toLowerCase(), path, path.slice(path.lastIndexOf(".") + 1)];
}
