import { type Mac, macFromNumber, macToNumber, parseMac } from "../../net/mac.js";
import { parseUuid, type Uuid, uuidOf } from "../../net/uuid.js";
import type { Pointer } from "../../source/pointer.js";
import { defined } from "../../base/invariant.js";
import { resourceKey } from "../keys.js";
import { readParsed, type Provenance } from "../ledger.js";
import { type Claim, settle } from "../settle.js";
import type { ServerContext } from "./context.js";
import type { PortPlan } from "./plan.js";

/** A resource that needs an id. */
export interface IdentityRequest {
  readonly key: string;
  readonly pointer: Pointer;
  readonly pinned?: Uuid | undefined;
  readonly reserve?: boolean;
}

/** Gives each resource an id: pinned, locked, or the version 5 UUID of its key. */
export function settleIds(context: ServerContext, requests: readonly IdentityRequest[]): void {
  const claims = requests.map(({ key, pointer, pinned, reserve }) => ({
    key: `${key}/id`,
    owner: key,
    pointer,
    pinned: pinned === undefined ? undefined : { value: pinned, pointer },
    assign: (id: Uuid) => void context.ids.set(key, id),
    reserve: reserve ?? false,
  }));
  settle<Uuid, Claim<Uuid> & { readonly owner: string }>(
    context.ledger,
    context.document,
    claims,
    {
      what: "id",
      name: "UUIDs",
      read: readParsed(parseUuid),
      expected: "a UUID",
      propose: ({ owner }, used) => ({ value: freeUuid(owner, used), how: "derived" }),
      provenance: (_, id): Provenance => (id[14] === "5" ? "derived" : "allocated"),
    },
    context.usedIds,
  );
}

function freeUuid(key: string, used: ReadonlyMap<Uuid, string>): Uuid {
  let id = uuidOf(key);
  for (let salt = 1; used.has(id); salt++) id = uuidOf(`${key}#${salt}`);
  return id;
}

/** A port or host that needs a MAC. */
export interface MacRequest {
  readonly key: string;
  /** Attribute under which the lock has it. */
  readonly attribute: string;
  readonly pointer: Pointer;
  readonly pinned?: Mac | undefined;
  readonly reserve?: boolean;
}

/**
 * Gives each port a MAC: pinned, locked, or the base MAC's first octets and the last bits of the port's id, of the UUID of its key for a host.
 *
 * Neutron keeps three octets of `base_mac`, four where the fourth is not zero, and draws the rest.
 * Source: Neutron `net_utils.random_mac_generator`.
 */
export function settleMacs(context: ServerContext, base: string, requests: readonly MacRequest[]): void {
  const first = macToNumber(defined(parseMac(base), "base MAC"));
  const size = ((first >>> 16) & 0xff) === 0 ? 2 ** 24 : 2 ** 16;
  const derive = (key: string) => first - (first % size) + (Number.parseInt((context.ids.get(key) ?? uuidOf(key)).slice(-6), 16) % size);
  const claims = requests.map(({ key, attribute, pointer, pinned, reserve }) => ({
    key: `${key}/${attribute}`,
    owner: key,
    pointer,
    pinned: pinned === undefined ? undefined : { value: pinned, pointer },
    assign: (mac: Mac) => void context.macs.set(key, mac),
    reserve: reserve ?? false,
  }));
  settle<Mac, Claim<Mac> & { readonly owner: string }>(
    context.ledger,
    context.document,
    claims,
    {
      what: "MAC",
      pinsMayRepeat: true,
      name: `the range of ${base}`,
      read: readParsed(parseMac),
      expected: "a MAC address",
      propose: ({ owner }, used) => freeMac(derive(owner), first - (first % size), size, used),
      provenance: ({ owner }, mac) => (macToNumber(mac) === derive(owner) ? "derived" : "allocated"),
    },
    context.usedMacs,
  );
}

function freeMac(
  derived: number,
  first: number,
  size: number,
  used: ReadonlyMap<Mac, string>,
): { value: Mac; how: Provenance } | undefined {
  for (let step = 0; step < size; step++) {
    const value = macFromNumber(first + ((derived - first + step) % size));
    if (!used.has(value)) return { value, how: step === 0 ? "derived" : "allocated" };
  }
  return undefined;
}

/** Ids and MACs of ports; `reserved` are ports of other rounds or releases, whose locked values are kept free. */
export function settlePortIdentities(context: ServerContext, ports: readonly PortPlan[], reserved: readonly PortPlan[] = []): void {
  const all = [...ports.map((port) => ({ port, reserve: false })), ...reserved.map((port) => ({ port, reserve: true }))];
  settleIds(
    context,
    all.map(({ port: { key, pointer, pinnedId }, reserve }) => ({ key, pointer, pinned: pinnedId, reserve })),
  );
  const requests = all.map(({ port: { key, pointer, pinnedMac }, reserve }) => ({
    key,
    attribute: "mac_address",
    pointer,
    pinned: pinnedMac,
    reserve,
  }));
  settleMacs(context, context.topology.server.baseMac, requests);
}

/** MACs of the hosts whose Open vSwitch agent runs with distributed routing. Source: Neutron `DVRDbMixin._create_dvr_mac_address`. */
export function settleDvrMacs(context: ServerContext): void {
  const hosts = [...context.topology.hosts.values()].filter((host) => host.agent.enableDistributedRouting);
  const requests = hosts.map((host) => ({
    key: resourceKey("host", host.name),
    attribute: "dvr_mac_address",
    pointer: host.pointer,
    pinned: host.dvrMac,
  }));
  settleMacs(context, context.topology.server.dvrBaseMac, requests);
}

/** First octets of the upstream routers' MACs: locally administered, since no vendor made them. */
const upstreamBaseMac = "32:00:00:00:00:00";

/** MACs of the providers' routers on external networks. Only the virtual hosts meet them; in the lock, so that a document's can be kept. */
export function settleUpstreamMacs(context: ServerContext): void {
  const networks = [...context.topology.networks.values()].filter((network) => network.external);
  const requests = networks.map(({ key, pointer }) => ({ key: resourceKey("network", key), attribute: "upstream_mac_address", pointer }));
  settleMacs(context, upstreamBaseMac, requests);
}
