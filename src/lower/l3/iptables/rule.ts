import type { IptablesMatch, IptablesTarget } from "../../../ir/iptables.js";
import { type Cidr, cidrCanonical, hostCidr } from "../../../net/cidr.js";
import type { Ip } from "../../../net/ip.js";

/** Mask of the router's own marks: Neutron `constants.ROUTER_MARK_MASK`. */
const routerMarkMask = 0xffff;

/** Mask of address scope marks: Neutron `router_info.ADDRESS_SCOPE_MARK_MASK`. */
const scopeMarkMask = 0xffff0000;

/** Bits by which an address scope's mark is shifted, so that it is in the upper half. */
const scopeMarkShift = 16;

/** `-s`: a host. */
export function fromHost(address: Ip): IptablesMatch {
  return { kind: "source", prefix: hostCidr(address) };
}

/** `-d`: a host. */
export function toHost(address: Ip): IptablesMatch {
  return { kind: "destination", prefix: hostCidr(address) };
}

/** `-s`: a prefix, host bits cleared as iptables does. */
export function fromPrefix(prefix: Cidr): IptablesMatch {
  return { kind: "source", prefix: cidrCanonical(prefix) };
}

/** `-d`: a prefix, host bits cleared as iptables does. */
export function toPrefix(prefix: Cidr): IptablesMatch {
  return { kind: "destination", prefix: cidrCanonical(prefix) };
}

/** `-i`. */
export function inDevice(name: string): IptablesMatch {
  return { kind: "in-interface", name };
}

/** `! -i`. */
export function notInDevice(name: string): IptablesMatch {
  return { kind: "in-interface", name, not: true };
}

/** `-o`. */
export function outDevice(name: string): IptablesMatch {
  return { kind: "out-interface", name };
}

/** `! -o`. */
export function notOutDevice(name: string): IptablesMatch {
  return { kind: "out-interface", name, not: true };
}

/** `-p tcp -m tcp --dport N`. */
export function tcpTo(port: number): IptablesMatch[] {
  return [
    { kind: "protocol", protocol: "tcp" },
    { kind: "ports", module: "tcp", dport: String(port) },
  ];
}

/** `-p udp -m udp --dport N`. */
export function udpTo(port: number): IptablesMatch[] {
  return [
    { kind: "protocol", protocol: "udp" },
    { kind: "ports", module: "udp", dport: String(port) },
  ];
}

/** `-m comment --comment TEXT`. */
export function comment(text: string): IptablesMatch {
  return { kind: "comment", text };
}

/** `-m mark --mark N/0xffff`: a mark of the router's own. */
export function routerMark(value: number): IptablesMatch {
  return { kind: "mark", mark: { value, mask: routerMarkMask } };
}

/** `-m mark ! --mark N/0xffff`. */
export function notRouterMark(value: number): IptablesMatch {
  return { kind: "mark", mark: { value, mask: routerMarkMask }, not: true };
}

/** `-m mark ! --mark SCOPE/0xffff0000`. */
export function notScopeMark(scope: number): IptablesMatch {
  return { kind: "mark", mark: { value: shifted(scope), mask: scopeMarkMask }, not: true };
}

/** `-m connmark --mark SCOPE/0xffff0000`; 0 is a connection without an address scope yet. */
export function scopeConnmark(scope: number): IptablesMatch {
  return { kind: "connmark", mark: { value: shifted(scope), mask: scopeMarkMask } };
}

/** `-m connmark ! --mark 0x0/0xffff0000`: a connection that has an address scope. */
export function hasScopeConnmark(): IptablesMatch {
  return { kind: "connmark", mark: { value: 0, mask: scopeMarkMask }, not: true };
}

/** `-m conntrack --ctstate DNAT`. */
export function translated(): IptablesMatch {
  return { kind: "ctstate", states: ["DNAT"] };
}

/** `-m conntrack ! --ctstate DNAT`. */
export function notTranslated(): IptablesMatch {
  return { kind: "ctstate", states: ["DNAT"], not: true };
}

/** `-j CHAIN`, the full name. */
export function jump(chain: string): IptablesTarget {
  return { kind: "jump", chain };
}

/** `-j MARK --set-xmark N/0xffff`. */
export function setRouterMark(value: number): IptablesTarget {
  return { kind: "set-mark", mark: { value, mask: routerMarkMask } };
}

/** `-j MARK --set-xmark SCOPE/0xffff0000`. */
export function setScopeMark(scope: number): IptablesTarget {
  return { kind: "set-mark", mark: { value: shifted(scope), mask: scopeMarkMask } };
}

/** `-j CONNMARK --save-mark` of the address scope. */
export const saveScopeMark: IptablesTarget = { kind: "save-mark", nfMask: scopeMarkMask, ctMask: scopeMarkMask };

/** `-j CONNMARK --restore-mark` of the address scope. */
export const restoreScopeMark: IptablesTarget = { kind: "restore-mark", nfMask: scopeMarkMask, ctMask: scopeMarkMask };

function shifted(scope: number): number {
  return scope * 2 ** scopeMarkShift;
}
