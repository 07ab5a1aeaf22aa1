import { report } from "../../diagnostics/report.js";
import type { SubnetDeclaration } from "../../model/topology.js";
import { cidrAddress, cidrContains, ipv4End } from "../../net/cidr.js";
import { eui64, type Ip, ipFromBigInt, ipToBigInt, isIpv4, parseIp } from "../../net/ip.js";
import { defined } from "../../base/invariant.js";
import { escapeName } from "../keys.js";
import { readParsed } from "../ledger.js";
import { ownerOf } from "../settle.js";
import type { ServerContext } from "./context.js";
import type { AddressWish, PortPlan } from "./plan.js";

/** An address that a port got. */
export interface PlannedAddress {
  readonly subnet: SubnetDeclaration;
  readonly ip: Ip;
}

/** The addresses of a network's subnets: who has which, and how far each pool is used up. */
export class AddressBook {
  private readonly used = new Map<SubnetDeclaration, Map<Ip, string>>();
  private readonly pools = new Map<SubnetDeclaration, AddressPool>();
  /** Addresses by port key, in order of the port's wishes, automatic ones last. */
  readonly addresses = new Map<string, PlannedAddress[]>();

  constructor(private readonly context: ServerContext) {}

  /**
   * Gives the ports of a round their addresses: pinned, then locked, then the lowest free of the pool in order of the plans.
   *
   * `reserved` are ports of a later round or of another release: their locked addresses are kept free.
   * Errors: `pin-collides`, `pool-exhausted`. Source: Neutron `IpamPluggableBackend._ipam_allocate_ips`.
   */
  settle(plans: readonly PortPlan[], reserved: readonly PortPlan[] = []): void {
    const open: Slot[] = [];
    for (const plan of plans) {
      const slots = plan.wishes.map((wish, index) => this.slot(plan, wish, index));
      for (const slot of slots) if (!this.takePinned(slot)) open.push(slot);
    }
    for (const plan of plans) this.takeAutomatic(plan);
    for (const plan of reserved) this.reserve(plan);
    const unlocked = open.filter((slot) => !this.takeLocked(slot));
    for (const slot of unlocked) this.takeNew(slot);
    for (const plan of plans) this.addresses.set(plan.key, this.inOrder(plan));
  }

  private readonly slots = new Map<string, (PlannedAddress | undefined)[]>();

  private slot(plan: PortPlan, wish: AddressWish, index: number): Slot {
    const earlier = index === 0 ? 0 : plan.wishes.slice(0, index).filter((other) => other.subnets[0] === wish.subnets[0]).length;
    return { plan, wish, index, suffix: earlier === 0 ? "" : `/${earlier}` };
  }

  private takePinned(slot: Slot): boolean {
    const { pinned, pointer } = slot.wish;
    if (pinned === undefined) return false;
    const subnet = slot.wish.subnets.find((candidate) => cidrContains(candidate.cidr, pinned)) ?? slot.wish.subnets[0];
    if (subnet === undefined) return true;
    const other = this.usedOn(subnet).get(pinned);
    if (other !== undefined) {
      const holes = { what: "address", value: pinned, owner: slot.plan.key, other: ownerOfAddress(other) };
      this.context.ledger.diagnostics.push(report("pin-collides", holes, this.context.document.locate(pointer).span));
    } else this.take(slot, subnet, pinned, "pinned");
    return true;
  }

  private takeLocked(slot: Slot): boolean {
    const { ledger } = this.context;
    for (const subnet of slot.wish.subnets) {
      const key = this.keyOf(slot, subnet);
      const ip = ledger.locked(key, readParsed(parseIp), "an address");
      if (ip === undefined) continue;
      const other = this.usedOn(subnet).get(ip);
      if (other !== undefined && other !== key) ledger.taken(key, ownerOfAddress(other));
      else if (!isFree(subnet, ip)) ledger.stale(key);
      else {
        this.take(slot, subnet, ip, "allocated");
        return true;
      }
    }
    return false;
  }

  private takeNew(slot: Slot): void {
    for (const subnet of slot.wish.subnets) {
      const ip = this.poolOf(subnet).lowestFree(this.usedOn(subnet));
      if (ip !== undefined) return this.take(slot, subnet, ip, "allocated");
    }
    const pool = slot.wish.subnets.map((subnet) => `subnet "${subnet.key}"`).join(", ");
    const holes = { what: "address", owner: slot.plan.key, pool };
    this.context.ledger.diagnostics.push(report("pool-exhausted", holes, this.context.document.locate(slot.wish.pointer).span));
  }

  private take(slot: Slot, subnet: SubnetDeclaration, ip: Ip, how: "pinned" | "allocated"): void {
    const key = this.keyOf(slot, subnet);
    this.usedOn(subnet).set(ip, key);
    this.context.ledger.record(key, ip, how);
    const slots = this.slots.get(slot.plan.key) ?? [];
    slots[slot.index] = { subnet, ip };
    this.slots.set(slot.plan.key, slots);
  }

  /**
   * Addresses that the port's MAC makes: a function of it, so that neither lock nor list of allocations has them.
   *
   * Errors: `pin-collides` where one is pinned to another port.
   */
  private takeAutomatic(plan: PortPlan): void {
    if (plan.automatic.length === 0) return;
    const mac = defined(this.context.macs.get(plan.key), `MAC of ${plan.key}`);
    const slots = this.slots.get(plan.key) ?? [];
    plan.automatic.forEach((subnet, index) => {
      const prefix = cidrAddress(subnet.cidr);
      if (isIpv4(prefix)) return;
      const ip = eui64(prefix, mac);
      const used = this.usedOn(subnet);
      const other = used.get(ip);
      if (other === undefined) used.set(ip, `${plan.key}/automatic`);
      else {
        const holes = { what: "address", value: ip, owner: plan.key, other: ownerOfAddress(other) };
        this.context.ledger.diagnostics.push(report("pin-collides", holes, this.context.document.locate(plan.pointer).span));
      }
      slots[plan.wishes.length + index] = { subnet, ip };
    });
    this.slots.set(plan.key, slots);
  }

  private reserve(plan: PortPlan): void {
    plan.wishes.forEach((wish, index) => {
      for (const subnet of wish.subnets) {
        const key = this.keyOf(this.slot(plan, wish, index), subnet);
        const value = this.context.ledger.lock?.allocations.get(key);
        const ip = typeof value === "string" ? parseIp(value) : undefined;
        const used = this.usedOn(subnet);
        if (ip !== undefined && !used.has(ip)) used.set(ip, key);
      }
    });
  }

  private inOrder(plan: PortPlan): PlannedAddress[] {
    return (this.slots.get(plan.key) ?? []).filter((slot) => slot !== undefined);
  }

  private keyOf(slot: Slot, subnet: SubnetDeclaration): string {
    if (slot.plan.addressKey !== undefined && slot.index === 0) return slot.plan.addressKey;
    return `${addressKey(slot.plan.key, subnet)}${slot.suffix}`;
  }

  private usedOn(subnet: SubnetDeclaration): Map<Ip, string> {
    let used = this.used.get(subnet);
    if (used === undefined) {
      used = new Map();
      this.used.set(subnet, used);
    }
    return used;
  }

  private poolOf(subnet: SubnetDeclaration): AddressPool {
    let pool = this.pools.get(subnet);
    if (pool === undefined) {
      pool = new AddressPool(subnet);
      this.pools.set(subnet, pool);
    }
    return pool;
  }
}

/** Key in the lock of a port's first address on a subnet. */
export function addressKey(port: string, subnet: SubnetDeclaration): string {
  const subnetName = subnet.key.slice(subnet.network.length + 1);
  return `${port}/fixed_ip/${escapeName(subnet.network)}/${escapeName(subnetName)}`;
}

/** True where a subnet could have given an address to a port. */
function isFree({ cidr, gatewayIp }: SubnetDeclaration, ip: Ip): boolean {
  return cidrContains(cidr, ip) && ip !== gatewayIp && ipv4End(cidr, ip) === undefined;
}

/** Whose address a key is, for messages: what stands before the names of network and subnet. */
function ownerOfAddress(key: string): string {
  const end = key.lastIndexOf("/fixed_ip/");
  return end < 0 ? ownerOf(key) : key.slice(0, end);
}

/** One address that is wanted. */
interface Slot {
  readonly plan: PortPlan;
  readonly wish: AddressWish;
  readonly index: number;
  readonly suffix: string;
}

/** A subnet's allocation pools with a cursor: nothing is given back, so the lowest free address never moves down. */
class AddressPool {
  private range = 0;
  private next: bigint | undefined;

  constructor(private readonly subnet: SubnetDeclaration) {}

  lowestFree(used: ReadonlyMap<Ip, string>): Ip | undefined {
    const { allocationPools, gatewayIp } = this.subnet;
    for (; this.range < allocationPools.length; this.range++, this.next = undefined) {
      const pool = defined(allocationPools[this.range], "allocation pool");
      const last = ipToBigInt(pool.end);
      for (this.next ??= ipToBigInt(pool.start); this.next <= last; this.next++) {
        const ip = ipFromBigInt(this.next, this.subnet.cidr.includes(":") ? 6 : 4);
        if (!used.has(ip) && ip !== gatewayIp) return ip;
      }
    }
    return undefined;
  }
}
