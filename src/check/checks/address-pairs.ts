import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { sentence, describePort } from "../describe.js";
import type { CheckContext } from "../context.js";

/** An allowed address pair is given once. Source: neutron-lib `_validate_allowed_address_pairs`. */
export function* checkAddressPairs({ topology, at }: CheckContext): Iterable<Diagnostic> {
  for (const port of topology.ports.values()) {
    if (port.allowedAddressPairs.length === 0) continue;
    const owner = sentence(describePort(port));
    const seen = new Map<string, string>();
    for (const { pointer, ipAddress, mac } of port.allowedAddressPairs) {
      const pair = `${ipAddress} ${mac ?? port.mac ?? ""}`.trim();
      const first = seen.get(pair);
      if (first === undefined) seen.set(pair, pointer);
      else {
        const related = [{ at: at(first), message: "It is allowed first here." }];
        yield report("duplicate-address-pair", { owner, pair }, at(pointer), { related });
      }
    }
  }
}
