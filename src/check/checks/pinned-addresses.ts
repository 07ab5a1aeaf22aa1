import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { SubnetDeclaration } from "../../model/topology.js";
import { cidrContains, cidrNetwork, cidrVersion, ipv4End } from "../../net/cidr.js";
import { eui64, type Ip, type Ipv6 } from "../../net/ip.js";
import type { CheckContext } from "../context.js";
import { sentence } from "../describe.js";
import { makesAddresses } from "../facts.js";
import { type AddressHolder, addressHolders } from "../holders.js";

/**
 * Pinned addresses are usable, not the gateway's, and given once.
 *
 * Source: Neutron `ipam.utils.check_subnet_ip`, `IpAddressInUse`, `AllocationOnAutoAddressSubnet`, `L3_NAT_dbonly_mixin._validate_gw_info`.
 */
export function* checkPinnedAddresses(context: CheckContext): Iterable<Diagnostic> {
  const first = new Map<string, AddressHolder>();
  for (const holder of addressHolders(context.topology, context.facts)) {
    const subnet = context.topology.subnets.get(holder.subnet);
    if (subnet === undefined || !cidrContains(subnet.cidr, holder.address)) continue;
    yield* checkUsable(context, holder, subnet);
    const key = `${holder.address} ${holder.subnet}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, holder);
    const atGateway = holder.address === subnet.gatewayIp && holder.kind !== "interface";
    if (atGateway) yield* checkAtGateway(context, holder, subnet, other);
    else if (other !== undefined) yield inUse(context, holder, other);
  }
}

function* checkUsable({ topology, at }: CheckContext, holder: AddressHolder, subnet: SubnetDeclaration): Iterable<Diagnostic> {
  const { address, pointer } = holder;
  const kind = unusableKind(holder, subnet);
  const holes = { address, owner: holder.text, subnet: `"${subnet.key}"` };
  if (kind !== undefined) yield report("address-unusable", { ...holes, kind }, at(pointer));
  if (!makesAddresses(subnet) || holder.kind === "interface") return;
  const mac = topology.ports.get(holder.port ?? "")?.mac;
  const made: Ip | undefined = mac === undefined ? undefined : eui64(cidrNetwork(subnet.cidr) as Ipv6, mac);
  if (made !== address) yield report("slaac-address", holes, at(pointer));
}

function unusableKind({ address, kind }: AddressHolder, { cidr }: SubnetDeclaration): "network" | "broadcast" | undefined {
  if (cidrVersion(cidr) === 4) return ipv4End(cidr, address);
  return address === cidrNetwork(cidr) && kind !== "interface" && kind !== "gateway" ? "network" : undefined;
}

function* checkAtGateway(
  context: CheckContext,
  holder: AddressHolder,
  subnet: SubnetDeclaration,
  other: AddressHolder | undefined,
): Iterable<Diagnostic> {
  const { at, atMember, topology } = context;
  const holes = { address: holder.address, subnet: `"${subnet.key}"` };
  const external = topology.networks.get(subnet.network)?.external === true;
  if (holder.kind !== "port" || external || other?.kind === "interface") {
    const place = atMember(subnet.pointer, "gateway_ip", "cidr");
    const related = [
      other === undefined ? { at: place, message: `Subnet "${subnet.key}" has its gateway by this.` } : placeOf(context, other),
    ];
    yield report("address-is-gateway", { ...holes, owner: holder.text }, at(holder.pointer), { related });
  } else if (other !== undefined) yield inUse(context, holder, other);
  else if (context.sound("routers")) yield report("port-is-gateway", { ...holes, owner: sentence(holder.text) }, at(holder.pointer));
}

function inUse(context: CheckContext, holder: AddressHolder, other: AddressHolder): Diagnostic {
  const holes = { address: holder.address, subnet: `"${holder.subnet}"`, first: other.text, second: holder.text };
  return report("address-in-use", holes, context.at(holder.pointer), { related: [placeOf(context, other)] });
}

function placeOf(
  { at }: CheckContext,
  { pointer, text }: AddressHolder,
): { readonly at: ReturnType<CheckContext["at"]>; readonly message: string } {
  return { at: at(pointer), message: `${sentence(text)} has it here.` };
}
