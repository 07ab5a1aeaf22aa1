import { assertNever } from "../../base/assert-never.js";
import type { BridgePort } from "../../ir/bridge.js";
import type { NextHop, RouteTable } from "../../ir/namespace.js";
import { type Cidr, cidrAddress, cidrLength, toCidr } from "../../net/cidr.js";
import { type Ip, ipv4FromNumber, ipv4ToNumber, isIpv4 } from "../../net/ip.js";
import type { Entry } from "../entry.js";
import { type FlowContext, translateFlow } from "./flows.js";
import { withScopeMarks } from "./scope-marks.js";
import type { Translation } from "./translation.js";

/** An entry of the other side in our numbers and names. */
export function translateEntry(entry: Entry, translation: Translation, contextOf: (bridge: string) => FlowContext): Entry {
  switch (entry.kind) {
    case "flow":
      return { ...entry, flow: translateFlow(entry.flow, translation, contextOf(entry.bridge)) };
    case "port":
      return { ...entry, port: translatePort(entry.port, entry.bridge, translation) };
    case "device":
      return { ...entry, device: { ...entry.device, mac: translation.macs.get(entry.device.mac) ?? entry.device.mac } };
    case "address":
    case "ip-rule":
    case "route":
    case "neighbour":
      return translateAddresses(entry, translation);
    case "iptables-rule": {
      const { target } = entry.rule;
      const zone = target?.kind === "ct-zone" ? translation.zones.get(target.zone) : undefined;
      if (zone !== undefined) return { ...entry, rule: { ...entry.rule, target: { kind: "ct-zone", zone } } };
      return { ...entry, rule: withScopeMarks(entry.rule, translation.scopeMarks.get(entry.namespace)) };
    }
    case "bridge":
    case "namespace":
    case "chain":
    case "ip-set":
    case "ip-set-member":
    case "sysctl":
      return entry;
    default:
      return assertNever(entry);
  }
}

/** The local VLAN is a port's tag, and once more in what the agent remembers of its network. */
function translatePort(port: BridgePort, bridge: string, { localVlans, ofports }: Translation): BridgePort {
  const ofport = ofports.get(bridge)?.get(port.ofport) ?? port.ofport;
  const { tag, otherConfig } = port;
  const remembered = localVlans.get(Number(otherConfig?.["tag"]));
  return {
    ...port,
    ofport,
    ...(tag === undefined ? {} : { tag: localVlans.get(tag) ?? tag }),
    ...(remembered === undefined ? {} : { otherConfig: { ...otherConfig, tag: String(remembered) } }),
  };
}

type Addressed = Extract<Entry, { readonly kind: "address" | "ip-rule" | "route" | "neighbour" }>;

function translateAddresses(entry: Addressed, translation: Translation): Entry {
  const addresses = translation.addresses.get(entry.namespace);
  if (addresses === undefined) return entry;
  const ip = <T extends Ip | undefined>(value: T): T => (value === undefined ? value : ((addresses.get(value) ?? value) as T));
  const cidr = (value: Cidr): Cidr => {
    const address = cidrAddress(value);
    const known = addresses.get(address);
    return known === undefined ? value : toCidr(known, cidrLength(value));
  };
  const number = (value: number): number => {
    const known = value <= 0xffffffff ? addresses.get(ipv4FromNumber(value)) : undefined;
    return known !== undefined && isIpv4(known) ? ipv4ToNumber(known) : value;
  };
  const table = (value: RouteTable): RouteTable => (typeof value === "number" ? number(value) : value);
  switch (entry.kind) {
    case "address":
      return { ...entry, address: { ...entry.address, cidr: cidr(entry.address.cidr) } };
    case "ip-rule":
      return { ...entry, rule: { ...entry.rule, priority: number(entry.rule.priority), lookup: table(entry.rule.lookup) } };
    case "neighbour": {
      const { neighbour } = entry;
      const lladdr = translation.macs.get(neighbour.lladdr) ?? neighbour.lladdr;
      return { ...entry, neighbour: { ...neighbour, ip: ip(neighbour.ip), lladdr } };
    }
    case "route": {
      const { route } = entry;
      const hop = (each: NextHop): NextHop => (each.via === undefined ? each : { ...each, via: ip(each.via) });
      const [first, ...rest] = route.nextHops;
      return {
        ...entry,
        route: {
          ...route,
          table: table(route.table),
          destination: route.destination === "default" ? "default" : cidr(route.destination),
          nextHops: [hop(first), ...rest.map(hop)],
          ...(route.src === undefined ? {} : { src: ip(route.src) }),
        },
      };
    }
    default:
      return assertNever(entry);
  }
}
