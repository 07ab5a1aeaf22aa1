import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { describePort } from "../describe.js";

/** A pinned MAC and the port that has it. */
interface MacHolder {
  readonly network: string;
  readonly mac: string;
  readonly text: string;
  readonly pointer: Pointer;
}

/** MACs are unique on a network. Source: Neutron `MacAddressInUse`. */
export function* checkMacAddresses(context: CheckContext): Iterable<Diagnostic> {
  const first = new Map<string, MacHolder>();
  for (const holder of macHolders(context)) {
    const key = `${holder.mac} ${holder.network}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, holder);
      continue;
    }
    const related = [{ at: context.at(other.pointer), message: "It is given first here." }];
    const holes = { mac: holder.mac, first: other.text, second: holder.text, network: holder.network };
    yield report("duplicate-mac", holes, context.at(holder.pointer), { related });
  }
}

function* macHolders({ topology, facts }: CheckContext): Iterable<MacHolder> {
  for (const { router, interface: declared, subnet } of facts.attachments) {
    if (declared.mac === undefined) continue;
    const text = `an interface of router "${router.key}"`;
    yield { network: subnet.network, mac: declared.mac, text, pointer: pointerTo(declared.pointer, "mac_address") };
  }
  for (const port of topology.ports.values()) {
    if (port.mac === undefined) continue;
    yield { network: port.network.key, mac: port.mac, text: describePort(port), pointer: pointerTo(port.pointer, "mac_address") };
  }
}
