import { isIpv4 } from "../../src/net/ip.js";
import type { Probe } from "../../src/audit/effect/probe.js";

/** Attempts whose outcome is chance on real hosts, as bugs of that Neutron left it: they are not held against the simulation. */
interface Chance {
  readonly example: string;
  readonly release: string;
  readonly of: (probe: Probe) => boolean;
}

const chances: readonly Chance[] = [
  {
    // The interfaces of an IPv4 and an IPv6 subnet of one network are two devices of one namespace, each of which answers for the other's
    // address, until arp_ignore was set. Who is heard first decides by which device packets come in, and thereby their address scope.
    example: "os-dual-stack",
    release: "newton",
    of: ({ address }) => isIpv4(address),
  },
  {
    // The agent hides the interface of one router on a subnet. Other hosts learn the MAC of the second router, which all of them have, from its
    // frames: where its traffic goes changes with each frame. lab-1 and firewall-1 are reached by that router only.
    example: "os-two-routers",
    release: "newton",
    of: ({ from, to }) => [from, to].some((name) => name === "lab-1" || name === "firewall-1"),
  },
];

/** Probes whose outcome is not chance. */
export function settledProbes(example: string, release: string, probes: readonly Probe[]): readonly Probe[] {
  const own = chances.filter((chance) => chance.example === example && chance.release === release);
  return probes.filter((probe) => !own.some(({ of }) => of(probe)));
}
