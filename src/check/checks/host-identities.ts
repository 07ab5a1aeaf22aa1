import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";

/** Hosts are told apart by tunnel address and DVR MAC, and DVR MACs from those of ports by their first octets. */
export function* checkHostIdentities({ topology, at, atMember }: CheckContext): Iterable<Diagnostic> {
  const byAddress = new Map<string, string>();
  const byMac = new Map<string, string>();
  for (const { name, pointer, localIp, dvrMac } of topology.hosts.values()) {
    const pointerOf = (host: string, attribute: string): string => pointerTo(topology.hosts.get(host)?.pointer ?? pointer, attribute);
    const first = localIp === undefined ? undefined : byAddress.get(localIp);
    if (localIp !== undefined && first !== undefined) {
      const related = [{ at: at(pointerOf(first, "local_ip")), message: `Host "${first}" has it here.` }];
      yield report("duplicate-local-ip", { first, second: name, address: localIp }, at(pointerOf(name, "local_ip")), { related });
    } else if (localIp !== undefined) byAddress.set(localIp, name);
    const other = dvrMac === undefined ? undefined : byMac.get(dvrMac);
    if (dvrMac !== undefined && other !== undefined) {
      const related = [{ at: at(pointerOf(other, "dvr_mac_address")), message: `Host "${other}" has it here.` }];
      const place = at(pointerOf(name, "dvr_mac_address"));
      yield report("duplicate-dvr-mac", { first: other, second: name, mac: dvrMac }, place, { related });
    } else if (dvrMac !== undefined) byMac.set(dvrMac, name);
  }
  const [base, dvrBase] = [topology.server.baseMac, topology.server.dvrBaseMac].map((mac) => mac.slice(0, 8).toLowerCase());
  if (base !== undefined && base === dvrBase) {
    yield report("equal-base-macs", { prefix: base }, atMember("/neutron", "dvr_base_mac", "base_mac"));
  }
}
