import { type Cidr, cidrCanonical, cidrVersion, parseCidr } from "../../net/cidr.js";
import { type Ip, type IpVersion, ipVersion, parseIp } from "../../net/ip.js";
import { isGroupMac, type Mac, parseMac } from "../../net/mac.js";
import { parseUuid, type Uuid } from "../../net/uuid.js";
import type { HostRoute } from "../../model/topology.js";
import type { RouteDocument } from "../../dsl/types.generated.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { sentence } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";

/** A string of the document and what it is: an attribute of something. */
export interface Written {
  readonly text: string;
  readonly pointer: Pointer;
  readonly attribute: string;
  /** The thing that has the attribute, for people: `Subnet "a/b"`. */
  readonly owner: string;
}

/** Reads an address, of the given version where one is given. Errors: undefined, and a complaint at the string. */
export function declareIp(context: DeclareContext, written: Written, version?: IpVersion): Ip | undefined {
  const { text, pointer, attribute, owner } = written;
  const address = parseIp(text);
  if (address === undefined) {
    complain(context, pointer, "bad-address", { attribute, owner, text });
    return undefined;
  }
  if (version !== undefined && ipVersion(address) !== version) {
    complain(context, pointer, "wrong-ip-version", { attribute, owner, text, version });
    return undefined;
  }
  return address;
}

/** Reads a prefix as written with a length, its host bits cleared, as Neutron stores it. Errors: undefined, and a complaint. */
export function declareCidr(context: DeclareContext, written: Written): Cidr | undefined {
  const cidr = written.text.includes("/") ? parseCidr(written.text) : undefined;
  if (cidr !== undefined) return cidrCanonical(cidr);
  complain(context, written.pointer, "bad-cidr", { attribute: written.attribute, owner: written.owner, text: written.text });
  return undefined;
}

/** Reads a prefix or a plain address, which is a prefix of full length; host bits match nothing and are cleared. Errors: undefined, and a complaint. */
export function declarePrefix(context: DeclareContext, written: Written): Cidr | undefined {
  const cidr = parseCidr(written.text);
  if (cidr !== undefined) return cidrCanonical(cidr);
  complain(context, written.pointer, "bad-cidr", { attribute: written.attribute, owner: written.owner, text: written.text });
  return undefined;
}

/** No device has it. Source: neutron-lib `INVALID_MAC_ADDRESSES`. */
const zeroMac = "00:00:00:00:00:00";

/** Reads the MAC of a device. Errors: undefined, and a complaint, where it is none, zero or a group address. */
export function declareMac(context: DeclareContext, written: Written): Mac | undefined {
  const { text, pointer, attribute, owner } = written;
  const mac = parseMac(text);
  if (mac === undefined || mac === zeroMac) {
    complain(context, pointer, "bad-mac", { attribute, owner, text });
    return undefined;
  }
  if (isGroupMac(mac)) {
    complain(context, pointer, "group-mac", { attribute, owner, mac });
    return undefined;
  }
  return mac;
}

/** Reads a UUID. Errors: undefined, and a complaint. */
export function declareUuid(context: DeclareContext, written: Written): Uuid | undefined {
  const uuid = parseUuid(written.text);
  if (uuid === undefined) {
    complain(context, written.pointer, "bad-uuid", { attribute: written.attribute, owner: written.owner, text: written.text });
  }
  return uuid;
}

/**
 * Reads routes, whose destinations must have no host bits and whose next hops must be of the destination's version.
 *
 * Errors: a complaint for each, and for a route that is there already; the route is left out.
 * Source: neutron-lib `validate_route_cidr`, `validate_hostroutes`.
 */
export function declareRoutes(
  context: DeclareContext,
  routes: readonly RouteDocument[] | undefined,
  pointer: Pointer,
  owner: string,
  version?: IpVersion,
): readonly HostRoute[] {
  const seen = new Map<string, Pointer>();
  return (routes ?? []).flatMap((route, index) => {
    const at = pointerTo(pointer, index);
    const text = route.destination;
    const written = { text, pointer: pointerTo(at, "destination"), attribute: "Destination", owner };
    const destination = declareDestination(context, written, version);
    const hop = { text: route.nexthop, pointer: pointerTo(at, "nexthop"), attribute: "Next hop", owner };
    const nexthop = declareIp(context, hop, destination === undefined ? version : cidrVersion(destination));
    if (destination === undefined || nexthop === undefined) return [];
    const first = seen.get(`${destination} ${nexthop}`);
    if (first !== undefined) {
      const related = [{ at: context.document.locate(first, "value").span, message: "It is given first here." }];
      complain(context, at, "duplicate-route", { owner: sentence(owner), destination, nexthop }, { related });
      return [];
    }
    seen.set(`${destination} ${nexthop}`, at);
    return [{ destination, nexthop, pointer: at }];
  });
}

function declareDestination(context: DeclareContext, written: Written, version: IpVersion | undefined): Cidr | undefined {
  const { text, pointer, attribute, owner } = written;
  const cidr = text.includes("/") ? parseCidr(text) : undefined;
  if (cidr === undefined) {
    complain(context, pointer, "bad-cidr", { attribute, owner, text });
    return undefined;
  }
  if (version !== undefined && cidrVersion(cidr) !== version) {
    complain(context, pointer, "wrong-ip-version", { attribute, owner, text, version });
    return undefined;
  }
  const canonical = cidrCanonical(cidr);
  if (canonical !== cidr) {
    complain(context, pointer, "prefix-with-host-bits", { attribute, owner, text, canonical });
    return undefined;
  }
  return cidr;
}
