import { defined, invariant } from "../../../base/invariant.js";
import { byText } from "../../../base/order.js";
import type { IptablesChain, IptablesMatch, IptablesRule, IptablesTable, IptablesTarget } from "../../../ir/iptables.js";
import type { Origin } from "../../../source/origin.js";
import { jump } from "./rule.js";

/** Tables in the order in which the nf_tables back end prints them, with their built-in chains in hook order. */
const builtIns = {
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
} as const;

/** A table that agents write. */
export type TableName = keyof typeof builtIns;

interface OpenChain {
  readonly name: string;
  readonly builtIn: boolean;
  readonly origin: Origin;
  rules: IptablesRule[];
}

/**
 * Builds the tables of one address family as an agent's iptables manager fills them.
 *
 * An agent's own chains have its wrapped name before theirs: `neutron-l3-agent-scope`. Rules name them without it.
 * Order: chains as iptables-save(8) lists them, rules in order of addition.
 * Source: Neutron `iptables_manager.IptablesManager`.
 */
export class IptablesBuilder {
  private readonly tables = new Map<TableName, Map<string, OpenChain>>();

  /** `binary` is the agent's process name, of which 16 characters count. */
  constructor(private readonly binary: string) {}

  /** Full name of one of the agent's chains. */
  wrapped(chain: string): string {
    return wrappedName(this.binary, chain);
  }

  /** Target that goes to one of the agent's chains. */
  jumpTo(chain: string): IptablesTarget {
    return jump(this.wrapped(chain));
  }

  /** Starts a table and wraps the named built-in chains: each jumps to a twin of the agent's. */
  addTable(table: TableName, wrappedChains: readonly string[], origin: Origin): void {
    const chains = new Map<string, OpenChain>();
    for (const name of builtIns[table]) chains.set(name, { name, builtIn: true, origin, rules: [] });
    this.tables.set(table, chains);
    for (const name of wrappedChains) {
      this.addChain(table, name, origin);
      this.addSharedRule(table, name, [], this.jumpTo(name), origin);
    }
  }

  /** Adds one of the agent's chains. */
  addChain(table: TableName, chain: string, origin: Origin): void {
    this.addSharedChain(table, this.wrapped(chain), origin);
  }

  /** Adds a chain that agents share, under the name as it is. */
  addSharedChain(table: TableName, name: string, origin: Origin): void {
    this.chains(table).set(name, { name, builtIn: false, origin, rules: [] });
  }

  /** Adds a rule at the end of one of the agent's chains. */
  addRule(table: TableName, chain: string, matches: readonly IptablesMatch[], target: IptablesTarget, origin: Origin): void {
    this.addSharedRule(table, this.wrapped(chain), matches, target, origin);
  }

  /** Adds a rule at the end of a built-in or shared chain. */
  addSharedRule(table: TableName, name: string, matches: readonly IptablesMatch[], target: IptablesTarget, origin: Origin): void {
    this.chain(table, name).rules.push({ matches, target, origin });
  }

  /** Removes the rules of one of the agent's chains. */
  emptyChain(table: TableName, chain: string): void {
    this.chain(table, this.wrapped(chain)).rules = [];
  }

  /** The tables that were started. */
  build(): IptablesTable[] {
    return (Object.keys(builtIns) as TableName[]).flatMap((name) => {
      const chains = this.tables.get(name);
      return chains === undefined ? [] : [{ name, chains: inPrintOrder([...chains.values()]) }];
    });
  }

  private chains(table: TableName): Map<string, OpenChain> {
    return defined(this.tables.get(table), `iptables table ${table}`);
  }

  private chain(table: TableName, name: string): OpenChain {
    const chain = this.chains(table).get(name);
    invariant(chain !== undefined, `iptables chain ${name} of table ${table} was not added`);
    return chain;
  }
}

/** Names that were wrapped before, by process and chain: every namespace has the same. */
const wrappedNames = new Map<string, Map<string, string>>();

function wrappedName(binary: string, chain: string): string {
  let names = wrappedNames.get(binary);
  if (names === undefined) wrappedNames.set(binary, (names = new Map<string, string>()));
  let name = names.get(chain);
  if (name === undefined) names.set(chain, (name = `${binary.slice(0, 16)}-${chain}`));
  return name;
}

function inPrintOrder(chains: readonly OpenChain[]): IptablesChain[] {
  const own = chains.filter((chain) => !chain.builtIn).sort((a, b) => byText(a.name, b.name));
  return [...chains.filter((chain) => chain.builtIn), ...own].map(({ name, builtIn, rules, origin }) =>
    builtIn ? { name, policy: "ACCEPT", rules, origin } : { name, rules, origin },
  );
}
