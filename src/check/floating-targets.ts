import { memo, remember } from "../base/remember.js";
import type { FloatingIpDeclaration, PortDeclaration, SubnetDeclaration } from "../model/topology.js";
import { cidrContains, cidrVersion } from "../net/cidr.js";
import { type Ip, isIpv4 } from "../net/ip.js";
import type { CheckContext } from "./context.js";
import { describePort } from "./describe.js";

/** What a floating IP stands for. */
export interface FloatingTarget {
  readonly port: PortDeclaration;
  /** The port in words. */
  readonly text: string;
  /** IPv4 subnets on which its address may be: one, unless it cannot be told. */
  readonly subnets: readonly SubnetDeclaration[];
  /** Pinned IPv4 addresses of the port. */
  readonly addresses: readonly Ip[];
  /** Number of IPv4 addresses of the port. */
  readonly count: number;
  /** All is known of the port's addresses. */
  readonly complete: boolean;
}

/** The target of a floating IP; undefined where it has none, or one that is not declared. Several checks ask: it is found once. */
export function targetOf(context: CheckContext, floatingIp: FloatingIpDeclaration): FloatingTarget | undefined {
  return targetsOf(context)(floatingIp);
}

const targetsOf = remember((context: CheckContext) => memo((floatingIp: FloatingIpDeclaration) => findTarget(context, floatingIp)));

function findTarget(context: CheckContext, floatingIp: FloatingIpDeclaration): FloatingTarget | undefined {
  const port = context.topology.ports.get(floatingIp.port?.key ?? "");
  if (port === undefined) return undefined;
  const all = context.facts.subnetsOf(port).filter(({ cidr }) => cidrVersion(cidr) === 4);
  const addresses = port.fixedIps.flatMap(({ ipAddress }) => (ipAddress !== undefined && isIpv4(ipAddress) ? [ipAddress] : []));
  const wanted = floatingIp.fixedIpAddress;
  return {
    port,
    text: describePort(port),
    subnets: wanted === undefined ? all : all.filter(({ cidr }) => cidrContains(cidr, wanted)),
    addresses,
    count: all.length,
    complete: context.sound("networks", "ports", "servers") && (wanted === undefined || addresses.length === all.length),
  };
}
