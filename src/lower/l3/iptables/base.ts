import type { IpVersion } from "../../../net/ip.js";
import type { Origin } from "../../../source/origin.js";
import { IptablesBuilder } from "./builder.js";
import { comment, jump } from "./rule.js";

/** Process name of the L3 agent. */
export const l3AgentBinary = "neutron-l3-agent";

/** Process name of the DHCP agent. */
export const dhcpAgentBinary = "neutron-dhcp-agent";

/** Process name of the Open vSwitch agent. */
export const ovsAgentBinary = "neutron-openvswitch-agent";

/** Tables that a manager fills. */
export interface BaseTables {
  readonly mangle: boolean;
  /** `prerouting`: only that chain is wrapped, and nothing leads to source NAT. */
  readonly nat: "whole" | "prerouting" | "none";
}

/**
 * What every iptables manager of Neutron starts with in one address family.
 *
 * `neutron-filter-top` and `neutron-postrouting-bottom` are shared by all agents of a namespace.
 * Source: Neutron `IptablesManager.__init__`, `initialize_mangle_table`, `initialize_nat_table`.
 */
export function baseIptables(binary: string, version: IpVersion, tables: BaseTables, origin: Origin): IptablesBuilder {
  const builder = new IptablesBuilder(binary);
  addFilter(builder, origin);
  builder.addTable("raw", ["PREROUTING", "OUTPUT"], origin);
  if (tables.mangle) {
    builder.addTable("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], origin);
    if (version === 4) {
      builder.addChain("mangle", "mark", origin);
      builder.addRule("mangle", "PREROUTING", [], builder.jumpTo("mark"), origin);
    }
  }
  if (tables.nat === "prerouting") builder.addTable("nat", ["PREROUTING"], origin);
  if (tables.nat === "whole") addWholeNat(builder, origin);
  return builder;
}

function addFilter(builder: IptablesBuilder, origin: Origin): void {
  const top = "neutron-filter-top";
  builder.addTable("filter", [], origin);
  builder.addSharedChain("filter", top, origin);
  builder.addChain("filter", "local", origin);
  builder.addSharedRule("filter", top, [], builder.jumpTo("local"), origin);
  for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) {
    builder.addChain("filter", chain, origin);
    if (chain !== "INPUT") builder.addSharedRule("filter", chain, [], jump(top), origin);
    builder.addSharedRule("filter", chain, [], builder.jumpTo(chain), origin);
  }
}

function addWholeNat(builder: IptablesBuilder, origin: Origin): void {
  const bottom = "neutron-postrouting-bottom";
  builder.addTable("nat", ["PREROUTING", "OUTPUT", "POSTROUTING"], origin);
  builder.addSharedChain("nat", bottom, origin);
  builder.addSharedRule("nat", "POSTROUTING", [], jump(bottom), origin);
  builder.addChain("nat", "snat", origin);
  builder.addSharedRule("nat", bottom, [comment("Perform source NAT on outgoing traffic.")], builder.jumpTo("snat"), origin);
  builder.addChain("nat", "float-snat", origin);
  builder.addRule("nat", "snat", [], builder.jumpTo("float-snat"), origin);
}
