import { crc32 } from "../../base/crc32.js";
import type { IpRule, Route, Sysctl } from "../../ir/namespace.js";
import type { HostRouter, HostRouterInterface } from "../../model/host-view.js";
import { type Cidr, cidrAddress } from "../../net/cidr.js";
import { ipVersion, type Ipv4, ipv4ToNumber } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { because } from "./because.js";
import { takesFastPath } from "./address-scope.js";
import { portCidr } from "./devices.js";
import { agentRoute } from "./routes.js";

const mask30 = 0x3fffffff;

/** Lowest priority that the kernel's own rules do not use. */
const firstFree = 32768;

/**
 * Priority and table of the RPDB rule that sends what comes from an interface address's subnet to the SNAT host.
 *
 * Shape: unsigned 32-bit integer, rule priority and route table alike: an IPv4 address's own value; IPv6: a checksum of `<address>/<length>`, folded to 30 bits.
 * Source: Neutron `DvrLocalRouter._get_snat_idx`.
 */
export function redirectIndex(interfaceCidr: Cidr): number {
  const address = cidrAddress(interfaceCidr);
  if (ipVersion(address) === 4) return ipv4ToNumber(address as Ipv4);
  const sum = crc32(interfaceCidr);
  const folded = (sum >>> 30) ^ (sum & mask30);
  return folded < firstFree ? folded + mask30 : folded;
}

/** What a redirect consists of. */
export interface SnatRedirects {
  readonly rules: IpRule[];
  readonly rules6: IpRule[];
  readonly routes: Route[];
  readonly routes6: Route[];
  readonly sysctls: Sysctl[];
}

/**
 * Redirects of a distributed router's interfaces to its centralised SNAT ports.
 *
 * Order: by interface. A port's last SNAT address of a version is the one that its table leads to.
 * Source: Neutron `DvrLocalRouter._snat_redirect_modify`.
 */
export function snatRedirects(router: HostRouter, release: Release): SnatRedirects {
  const result: SnatRedirects = { rules: [], rules6: [], routes: [], routes6: [], sysctls: [] };
  if (!router.redirects) return result;
  for (const entry of router.interfaces) if (!takesFastPath(router, entry, release)) addRedirect(result, entry, release);
  return result;
}

function addRedirect(result: SnatRedirects, { interface: { port, csnat }, wired }: HostRouterInterface, release: Release): void {
  if (csnat === undefined) return;
  const origin = because("l3/snat-redirect", port.pointer, csnat.pointer);
  let redirected = false;
  for (const fixedIp of port.fixedIps) {
    const version = ipVersion(fixedIp.ip);
    const via = csnat.fixedIps.findLast((candidate) => ipVersion(candidate.ip) === version)?.ip;
    if (via === undefined) continue;
    redirected = true;
    const from = portCidr(fixedIp);
    const index = redirectIndex(from);
    const [rules, routes] = version === 4 ? [result.rules, result.routes] : [result.rules6, result.routes6];
    rules.push({ priority: index, from, lookup: index, origin });
    routes.push(agentRoute({ table: index, destination: "default", via, dev: wired.device, origin }, release));
  }
  if (redirected) {
    const key = `net.ipv4.conf.${wired.device}.send_redirects`;
    result.sysctls.push({ key, value: "0", origin: because("l3/sysctl-send-redirects", port.pointer) });
  }
}
