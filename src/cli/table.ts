import type { Colours } from "./colours.js";

/**
 * Columns of text for people: the first to the left, numbers to the right.
 *
 * Shape: a line for the titles and one for each row, without a final newline.
 */
export function printTable(titles: readonly string[], rows: readonly (readonly string[])[], colours: Colours, indent = "  "): string {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ");
  return [colours.dim(indent + line(titles)), ...rows.map((row) => indent + line(row))].join("\n");
}
