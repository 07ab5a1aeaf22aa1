import type { IptablesMatch, IptablesTable } from "../../ir/iptables.js";
import type { WiredPort } from "../../model/host-view.js";
import type { IpVersion } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import type { Origin } from "../../source/origin.js";
import { baseIptables, type BaseTables, ovsAgentBinary } from "../l3/iptables/base.js";
import type { IptablesBuilder } from "../l3/iptables/builder.js";
import { comment } from "../l3/iptables/rule.js";
import { because } from "./because.js";
import { addEgressChain, addIngressChain, chainName } from "./port-chains.js";
import { type HybridPorts, tapName } from "./ports.js";
import { addZones } from "./zones.js";
import type { RootSlice } from "../slices.js";

const sgChain = "sg-chain";
const sgFallback = "sg-fallback";
const trustedComment = "Accept all packets when port is trusted.";
const openComment = "Accept all packets when port security is disabled.";

/** The agent's tables in the host's own namespace. Source: Neutron `IptablesFirewallDriver._setup_chains_apply`. */
export function hybridTables(view: RootSlice, ports: HybridPorts, version: IpVersion, release: Release): IptablesTable[] {
  const origin = because("hybrid/base", view.host.pointer);
  const builder = baseIptables(ovsAgentBinary, version, baseTablesOf(version, release), origin);
  builder.addChain("filter", sgFallback, origin);
  builder.addRule("filter", sgFallback, [comment("Default drop rule for unmatched traffic.")], { kind: "drop" }, origin);
  builder.addChain("filter", sgChain, origin);
  for (const wired of ports.filtered) addFilteredPort(builder, view, wired, version, release);
  builder.addRule("filter", sgChain, [], { kind: "accept" }, origin);
  if (release.features.has("hybrid-trusted-ports")) for (const wired of ports.trusted) addTrustedPort(builder, wired);
  for (const wired of ports.open) addOpenPort(builder, wired);
  if (release.features.has("hybrid-nat-table")) addNatShortcuts(builder, ports);
  return builder.build();
}

function baseTablesOf(version: IpVersion, release: Release): BaseTables {
  if (release.features.has("hybrid-whole-tables")) return { mangle: true, nat: version === 4 ? "whole" : "none" };
  return { mangle: false, nat: release.features.has("hybrid-nat-table") ? "prerouting" : "none" };
}

function addFilteredPort(builder: IptablesBuilder, view: RootSlice, wired: WiredPort, version: IpVersion, release: Release): void {
  const origin = because("hybrid/port", wired.port.pointer);
  const tap = tapName(wired.port);
  addZones(builder, view, wired, release);
  for (const letter of ["i", "o"] as const) {
    const chain = chainName(letter, wired.port);
    const physdev = bridged(letter === "i" ? "out" : "in", tap);
    builder.addChain("filter", chain, origin);
    const toChain = "Direct traffic from the VM interface to the security group chain.";
    builder.addRule("filter", "FORWARD", [physdev, comment(toChain)], builder.jumpTo(sgChain), origin);
    builder.addRule("filter", sgChain, [physdev, comment("Jump to the VM specific chain.")], builder.jumpTo(chain), origin);
    if (letter === "i") continue;
    const fromMachine = "Direct incoming traffic from VM to the security group chain.";
    builder.addRule("filter", "INPUT", [physdev, comment(fromMachine)], builder.jumpTo(chain), origin);
  }
  addIngressChain({ builder, view, wired, version, release });
  addEgressChain({ builder, view, wired, version, release });
}

function addTrustedPort(builder: IptablesBuilder, { port }: WiredPort): void {
  const origin = because("hybrid/trusted", port.pointer);
  for (const side of ["out", "in"] as const) {
    builder.addRule("filter", "FORWARD", [bridged(side, tapName(port)), comment(trustedComment)], { kind: "accept" }, origin);
  }
}

function addOpenPort(builder: IptablesBuilder, { port }: WiredPort): void {
  const origin = because("hybrid/open", port.pointer);
  for (const side of ["out", "in"] as const) {
    const matches = [bridged(side, tapName(port)), comment(openComment)];
    builder.addRule("filter", "FORWARD", matches, { kind: "accept" }, origin);
    if (side === "in") builder.addRule("filter", "INPUT", matches, { kind: "accept" }, origin);
  }
}

/** Bridged packets skip the host's nat table. Source: Neutron `IptablesFirewallDriver._add_nat_short_ciruit`. */
function addNatShortcuts(builder: IptablesBuilder, ports: HybridPorts): void {
  for (const { port } of [...ports.trusted, ...ports.filtered, ...ports.open]) {
    const origin: Origin = because("hybrid/trusted", port.pointer);
    const tap = tapName(port);
    for (const match of [{ kind: "physdev", out: tap } as const, { kind: "physdev", in: tap } as const]) {
      builder.addRule("nat", "PREROUTING", [match, comment(trustedComment)], { kind: "accept" }, origin);
    }
  }
}

function bridged(side: "in" | "out", device: string): IptablesMatch {
  return side === "in" ? { kind: "physdev", in: device, isBridged: true } : { kind: "physdev", out: device, isBridged: true };
}
