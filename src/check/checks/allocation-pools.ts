import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { AllocationPool, SubnetDeclaration } from "../../model/topology.js";
import { cidrVersion } from "../../net/cidr.js";
import { ipFromBigInt, ipToBigInt } from "../../net/ip.js";
import { pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { overlapsOf } from "../overlaps.js";
import { usableRange } from "../subnet-addresses.js";

/**
 * Allocation pools lie inside the subnet, apart from one another and from the gateway.
 *
 * Source: Neutron `IpamBackendMixin.validate_allocation_pools`, `validate_gw_out_of_pools`.
 */
export function* checkAllocationPools(context: CheckContext): Iterable<Diagnostic> {
  for (const subnet of context.topology.subnets.values()) {
    if (context.written(pointerTo(subnet.pointer, "allocation_pools"))) yield* checkPools(context, subnet);
  }
}

function* checkPools({ at }: CheckContext, subnet: SubnetDeclaration): Iterable<Diagnostic> {
  const [lowest, highest] = usableRange(subnet.cidr);
  const version = cidrVersion(subnet.cidr);
  const name = `"${subnet.key}"`;
  const pools = subnet.allocationPools.map((pool, index) => ({
    text: textOf(pool),
    place: at(pointerTo(subnet.pointer, "allocation_pools", index)),
    first: ipToBigInt(pool.start),
    last: ipToBigInt(pool.end),
  }));
  const gateway = subnet.gatewayIp === undefined ? undefined : ipToBigInt(subnet.gatewayIp);
  for (const { text: pool, place, first, last } of pools) {
    if (first < lowest || last > highest) {
      const bounds = { first: ipFromBigInt(lowest, version), last: ipFromBigInt(highest, version) };
      yield report("pool-outside-subnet", { pool, subnet: name, cidr: subnet.cidr, ...bounds }, place);
    }
    if (gateway !== undefined && first <= gateway && gateway <= last) {
      yield report("pool-contains-gateway", { pool, subnet: name, address: subnet.gatewayIp ?? "" }, place);
    }
  }
  for (const { first, second } of overlapsOf(pools.map((pool) => ({ of: pool, first: pool.first, last: pool.last })))) {
    const related = [{ at: first.place, message: "The other pool is here." }];
    yield report("overlapping-pools", { first: first.text, second: second.text, subnet: name }, second.place, { related });
  }
}

function textOf({ start, end }: AllocationPool): string {
  return `${start} to ${end}`;
}
