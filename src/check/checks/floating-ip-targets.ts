import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { FloatingIpDeclaration } from "../../model/topology.js";
import { type FloatingTarget, targetOf } from "../floating-targets.js";
import type { CheckContext } from "../context.js";
import { clause, describeFloatingIp, sentence } from "../describe.js";

/**
 * A floating IP stands for one IPv4 address of its port, which a router joins to the floating IP's network.
 *
 * Source: Neutron `_internal_fip_assoc_data`, `get_router_for_floatingip`, `FloatingIPPortAlreadyAssociated`.
 */
export function* checkFloatingIpTargets(context: CheckContext): Iterable<Diagnostic> {
  const taken = new Map<string, FloatingIpDeclaration>();
  for (const floatingIp of context.topology.floatingIps.values()) {
    const target = targetOf(context, floatingIp);
    if (target === undefined) continue;
    yield* checkAddress(context, floatingIp, target);
    yield* checkRouter(context, floatingIp, target);
    yield* checkAlone(context, floatingIp, target, taken);
  }
}

function* checkAddress(
  { at, atMember, facts }: CheckContext,
  floatingIp: FloatingIpDeclaration,
  target: FloatingTarget,
): Iterable<Diagnostic> {
  const owner = describeFloatingIp(floatingIp);
  const place = at(floatingIp.port?.pointer ?? floatingIp.pointer);
  const { text, port, subnets, addresses } = target;
  const router = facts.routerOfPort.get(port.key);
  if (router !== undefined) yield report("floating-ip-on-router-port", { owner, port: port.key, router: router.key }, place);
  const address = floatingIp.fixedIpAddress;
  if (address !== undefined && target.complete && !addresses.includes(address)) {
    yield report("floating-ip-wrong-address", { owner, address, target: text }, atMember(floatingIp.pointer, "fixed_ip_address"));
  } else if (subnets.length === 0 && target.complete) yield report("floating-ip-without-address", { owner, target: text }, place);
  else if (address === undefined && target.count > 1) yield report("floating-ip-ambiguous-address", { owner, target: text }, place);
}

function* checkRouter(context: CheckContext, floatingIp: FloatingIpDeclaration, target: FloatingTarget): Iterable<Diagnostic> {
  const { at, facts, topology } = context;
  const { network } = floatingIp;
  if (network === undefined || topology.networks.get(network.key)?.external !== true || target.subnets.length === 0) return;
  const routers = target.subnets.flatMap(({ key }) => facts.attachmentsOfSubnet.get(key) ?? []);
  if (routers.some(({ router }) => router.gateway?.network.key === network.key) || !context.sound("routers", "networks")) return;
  const related = routers.map(({ router, pointer }) => ({ at: at(pointer), message: `Router "${router.key}" joins the subnet here.` }));
  const holes = { owner: describeFloatingIp(floatingIp), target: target.text, network: network.key };
  yield report("floating-ip-unreachable", holes, at(floatingIp.port?.pointer ?? floatingIp.pointer), { related });
}

function* checkAlone(
  context: CheckContext,
  floatingIp: FloatingIpDeclaration,
  { port, text }: FloatingTarget,
  taken: Map<string, FloatingIpDeclaration>,
): Iterable<Diagnostic> {
  const network = floatingIp.network?.key ?? "";
  const key = `${port.key}\0${network}\0${floatingIp.fixedIpAddress ?? ""}`;
  const first = taken.get(key);
  if (first === undefined) {
    taken.set(key, floatingIp);
    return;
  }
  const related = [{ at: context.at(first.port?.pointer ?? first.pointer), message: `${describeFloatingIp(first)} stands for it here.` }];
  const names = { first: clause(describeFloatingIp(first)), second: clause(describeFloatingIp(floatingIp)) };
  const place = context.at(floatingIp.port?.pointer ?? floatingIp.pointer);
  yield report("address-already-floating", { target: sentence(text), network, ...names }, place, { related });
}
