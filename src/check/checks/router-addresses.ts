import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import { cidrContains } from "../../net/cidr.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";

/** Every router interface has an address on its subnet. Source: Neutron `_add_interface_by_subnet`, `InvalidIpForSubnet`. */
export function* checkRouterAddresses(context: CheckContext): Iterable<Diagnostic> {
  const { topology, facts, at, atMember } = context;
  for (const { router, interface: declared, subnet, address, pointer } of facts.attachments) {
    if (declared.port !== undefined) continue;
    if (address === undefined) {
      const related = [{ at: atMember(subnet.pointer, "gateway_ip"), message: "The subnet has none by this." }];
      yield report("missing-gateway-ip", { router: router.key, subnet: `"${subnet.key}"` }, at(pointer), { related });
      continue;
    }
    if (cidrContains(subnet.cidr, address)) continue;
    const own = declared.ipAddress !== undefined;
    const place = own ? at(pointerTo(declared.pointer, "ip_address")) : at(pointer);
    const related = own ? [] : [{ at: atMember(subnet.pointer, "gateway_ip"), message: "It is the subnet's gateway." }];
    const holes = { address, owner: `an interface of router "${router.key}"`, place: `subnet "${subnet.key}" (${subnet.cidr})` };
    yield report("address-outside-subnet", holes, place, { related });
  }
  for (const router of topology.routers.values()) {
    for (const { port } of router.interfaces) {
      const taken = topology.ports.get(port?.key ?? "");
      if (port === undefined || taken === undefined || taken.fixedIps.length > 0 || !context.sound("ports", "networks")) continue;
      yield report("port-without-subnet", { router: router.key, port: port.key }, at(port.pointer));
    }
  }
}
