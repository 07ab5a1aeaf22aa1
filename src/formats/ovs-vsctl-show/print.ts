import { by, byText, sorted } from "../../base/order.js";
import type { Bridge } from "../../ir/bridge.js";
import { printAtom, printMap } from "../ovsdb/print.js";
import { type LineSink, printedText } from "../printed.js";
import { type ShownBridge, shownBridge, type ShownInterface, type ShownPort } from "./shown.js";

/** Writes bridges as `ovs-vsctl show` does, bridges and ports sorted by name, without the database's UUID, Manager and `is_connected`. */
export function writeShow(bridges: readonly ShownBridge[], sink: LineSink): void {
  for (const bridge of sorted(
    bridges,
    by((shown) => shown.name, byText),
  )) {
    const { origin } = bridge;
    sink(`    Bridge ${printAtom(bridge.name)}`, origin);
    for (const controller of sorted(bridge.controllers, byText)) sink(`        Controller ${printAtom(controller)}`, origin);
    if (bridge.failMode !== undefined) sink(`        fail_mode: ${printAtom(bridge.failMode)}`, origin);
    if (bridge.datapathType !== undefined) sink(`        datapath_type: ${printAtom(bridge.datapathType)}`, origin);
    for (const port of sorted(
      bridge.ports,
      by((shown) => shown.name, byText),
    ))
      writePort(port, sink);
  }
}

/** Text of `bridges.txt`: as {@link writeShow}. */
export function printShow(bridges: readonly ShownBridge[]): string {
  return printedText((sink) => writeShow(bridges, sink));
}

/** Text of `bridges.txt` of a host's bridges. */
export function printBridges(bridges: readonly Omit<Bridge, "flows">[]): string {
  return printShow(bridges.map(shownBridge));
}

function writePort(port: ShownPort, sink: LineSink): void {
  sink(`        Port ${printAtom(port.name)}`, port.origin);
  if (port.tag !== undefined) sink(`            tag: ${port.tag}`, port.origin);
  for (const shown of sorted(
    port.interfaces,
    by((one) => one.name, byText),
  ))
    writeInterface(shown, port, sink);
}

function writeInterface(shown: ShownInterface, port: ShownPort, sink: LineSink): void {
  sink(`            Interface ${printAtom(shown.name)}`, port.origin);
  if (shown.type !== undefined) sink(`                type: ${printAtom(shown.type)}`, port.origin);
  if (shown.options.size === 0) return;
  sink(`                options: ${printMap(shown.options)}`, port.origin);
}
