import type { Colours } from "../colours.js";
import type { SchemaSection } from "./sections.js";

/** A section of the topology language as text for a terminal of a width in characters. */
export function printSection(section: SchemaSection, colours: Colours, width: number): string {
  const lines = [`${colours.bold(section.title)}${section.path === "" ? "" : colours.dim(`  ${section.path}`)}`];
  lines.push(...wrap(section.description, width, "  "), "");
  for (const property of section.properties) {
    const standard = property.required
      ? colours.yellow("  required")
      : property.standard === undefined
        ? ""
        : colours.dim(`  default ${property.standard}`);
    lines.push(
      `  ${colours.cyan(property.name)}  ${colours.green(property.type)}${standard}`,
      ...wrap(property.description, width, "      "),
    );
  }
  return `${lines.join("\n")}\n`;
}

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length > indent.length && line.length + word.length + 1 > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length === indent.length ? word : ` ${word}`;
  }
  return line.length === indent.length ? lines : [...lines, line];
}
