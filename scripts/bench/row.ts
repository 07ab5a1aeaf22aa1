import type { Cost } from "./run.js";

/** Something that was measured, and the limit that it must keep. */
export interface Row {
  /** A size of the cloud, or the place of an example. */
  readonly of: string;
  readonly what: string;
  readonly cost: Cost;
  /** How much was written; undefined where nothing is. */
  readonly written?: Written | undefined;
  /** What the limits are about. */
  readonly limits: readonly Limit[];
}

/** How much a command wrote. */
export interface Written {
  readonly files: number;
  readonly lines: number;
  /** In MB. */
  readonly megabytes: number;
}

/** A figure and what it may be at most. */
export interface Limit {
  /** `x node -e 0`, `s`, `MB`. */
  readonly unit: string;
  readonly figure: number;
  /** Undefined where it is only told. */
  readonly atMost?: number;
}

/** The heading of the table of rows. */
export const heading =
  "| cloud | what | wall s | CPU s | peak MB | files | lines | MB | figure | at most | |\n" +
  "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n";

/** A row as lines of the table: one for each limit, the costs on the first. */
export function printRow({ of, what, cost, written, limits }: Row): string {
  const { files, lines, megabytes } = written ?? {};
  const costs = [decimals(cost.wall, 2), decimals(cost.cpu, 2), decimals(cost.peak, 0), whole(files), whole(lines), decimals(megabytes, 1)];
  const [first, ...others] = limits.length === 0 ? [["", "", ""]] : limits.map(cells);
  const rest = others.map((limit) => line(["", "", ...costs.map(() => ""), ...limit]));
  return [line([of, what, ...costs, ...(first ?? [])]), ...rest].join("");
}

/** True where a figure is over its limit. */
export function isMissed({ figure, atMost }: Limit): boolean {
  return atMost !== undefined && figure > atMost;
}

function cells(limit: Limit): string[] {
  const { unit, figure, atMost } = limit;
  const shown = `${figure >= 100 ? figure.toFixed(0) : figure.toFixed(2)} ${unit}`;
  return atMost === undefined ? [shown, "", ""] : [shown, String(atMost), isMissed(limit) ? "NOT MET" : "met"];
}

function decimals(value: number | undefined, digits: number): string {
  return value?.toFixed(digits) ?? "";
}

function whole(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en-GB");
}

function line(parts: readonly string[]): string {
  return `| ${parts.join(" | ")} |\n`;
}
