import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";

/** A device that takes a declared port. */
interface Taker {
  readonly port: string;
  readonly text: string;
  readonly pointer: Pointer;
}

/** A declared port belongs to one server or router. Source: Neutron `PortInUse`, `_check_router_port`. */
export function* checkTakenPorts(context: CheckContext): Iterable<Diagnostic> {
  const takers = new Map<string, Taker>();
  for (const taker of takersOf(context)) {
    const other = takers.get(taker.port);
    if (other === undefined) {
      takers.set(taker.port, taker);
      continue;
    }
    const related = [{ at: context.at(other.pointer), message: "It is taken first here." }];
    const holes = { port: taker.port, first: other.text, second: taker.text };
    yield report("port-taken-twice", holes, context.at(taker.pointer), { related });
  }
}

function* takersOf({ topology, written }: CheckContext): Iterable<Taker> {
  for (const router of topology.routers.values()) {
    for (const { port } of router.interfaces) {
      if (port !== undefined) yield { port: port.key, text: `router "${router.key}"`, pointer: port.pointer };
    }
  }
  for (const server of topology.servers.values()) {
    for (const [index, key] of server.ports.entries()) {
      if (topology.ports.get(key)?.pointer.startsWith("/ports/") !== true) continue;
      const pointer = pointerTo(server.pointer, "networks", index, "port");
      yield { port: key, text: `server "${server.key}"`, pointer: written(pointer) ? pointer : server.pointer };
    }
  }
}
