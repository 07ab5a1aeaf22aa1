import { byText, type Comparator, inTurn } from "../../base/order.js";
import type { Neighbour } from "../../ir/namespace.js";
import { byIp } from "../../net/ip.js";
import { macFromNumber } from "../../net/mac.js";
import { canonicalIproute, type IprouteDialect } from "../iproute.js";
import { type LineSink, printedText } from "../printed.js";

/** The MAC of an entry whose address is not resolved: it prints as nothing. */
export const unresolvedMac = macFromNumber(0);

/**
 * A neighbour as `ip neigh` prints it.
 *
 * Source: iproute2 `print_neigh`; 6.1 leaves a blank at the end, 3.10 does not.
 */
export function printNeighbour(neighbour: Neighbour, dialect: IprouteDialect = canonicalIproute): string {
  const { ip, dev, lladdr, state } = neighbour;
  const text = `${ip} dev ${dev}${lladdr === unresolvedMac ? " " : ` lladdr ${lladdr} `}${state}`;
  return dialect.trailingBlanks && dialect.version !== "3.10" ? `${text} ` : text;
}

/** Writes neighbours in the order given. */
export function writeNeighbours(neighbours: readonly Neighbour[], sink: LineSink): void {
  for (const neighbour of neighbours) sink(printNeighbour(neighbour), neighbour.origin);
}

/** Text of `ip-neigh.txt`: as {@link writeNeighbours}. */
export function printNeighbours(neighbours: readonly Neighbour[]): string {
  return printedText((sink) => writeNeighbours(neighbours, sink));
}

/** Order of the artefact: by device, then address. */
export const byNeighbour: Comparator<Neighbour> = inTurn<Neighbour>(
  (a, b) => byText(a.dev, b.dev),
  (a, b) => byIp(a.ip, b.ip),
);
