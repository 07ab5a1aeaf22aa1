import { assertNever } from "../../base/assert-never.js";
import { printActions } from "../../formats/openflow/print-action.js";
import { printMatch } from "../../formats/openflow/print-match.js";
import { printIptablesMatch } from "../../formats/iptables-save/print-rule.js";
import { cidrAddress } from "../../net/cidr.js";
import type { Entry } from "../entry.js";

/** Why two different entries are one entry that has changed: they agree in `key`, and `about` says in what they differ. */
export interface Likeness {
  readonly key: string;
  readonly about: string;
  /** Holds only where no other entry agrees in the key. */
  readonly weak?: true;
}

/** What entries of one artefact may agree in, the strongest first. Entries that agree in none of it are different things. */
export function likenesses(entry: Entry): readonly Likeness[] {
  switch (entry.kind) {
    case "flow": {
      const { table, priority, match, actions } = entry.flow;
      const matched = printMatch(match, 0);
      return [
        { key: `${table} ${priority} ${matched}`, about: "other actions" },
        { key: `${table} ${matched} ${printActions(actions)}`, about: "another priority" },
        { key: `${table} ${priority} ${printActions(actions)}`, about: "another match", weak: true },
        { key: `${priority} ${matched} ${printActions(actions)}`, about: "another table", weak: true },
      ];
    }
    case "ip-rule": {
      const { rule } = entry;
      const selector = `${rule.from ?? ""} ${rule.to ?? ""} ${rule.iif ?? ""} ${JSON.stringify(rule.fwmark ?? "")}`;
      return [
        { key: `${selector} ${rule.lookup}`, about: "another priority" },
        { key: `${selector} ${rule.priority}`, about: "another table", weak: true },
        { key: `${rule.priority} ${rule.lookup}`, about: "another selector", weak: true },
      ];
    }
    case "route": {
      const { table, destination, nextHops } = entry.route;
      return [
        { key: `${table} ${destination} ${nextHops[0].dev}`, about: "another way" },
        { key: `${table} ${destination}`, about: "another way" },
        { key: `${destination} ${JSON.stringify(nextHops)}`, about: "another table", weak: true },
        { key: `${table} ${JSON.stringify(nextHops)}`, about: "another destination", weak: true },
      ];
    }
    case "neighbour": {
      const { ip, dev, lladdr } = entry.neighbour;
      return [
        { key: `${ip} ${dev}`, about: "another MAC address" },
        { key: `${dev} ${lladdr}`, about: "another address", weak: true },
        { key: `${ip} ${lladdr}`, about: "another device", weak: true },
      ];
    }
    case "address": {
      const { device, address } = entry;
      return [
        { key: `${device} ${address.cidr}`, about: "another broadcast address or scope" },
        { key: `${device} ${cidrAddress(address.cidr)}`, about: "another prefix length" },
        { key: `${device} ${address.scope} ${address.cidr.includes(":")}`, about: "another address", weak: true },
      ];
    }
    case "iptables-rule": {
      const { matches, target } = entry.rule;
      const matched = matches.map(printIptablesMatch).join(" ");
      const chain = `${entry.table} ${entry.chain}`;
      return [
        { key: `${chain} ${matched}`, about: "another target" },
        { key: `${chain} -> ${JSON.stringify(target)}`, about: "other matches", weak: true },
        { key: chain, about: "another rule", weak: true },
      ];
    }
    case "ip-set-member":
      return [{ key: entry.set.name, about: "another member", weak: true }];
    case "bridge":
    case "port":
    case "namespace":
    case "device":
    case "chain":
    case "ip-set":
    case "sysctl":
      return [];
    default:
      return assertNever(entry);
  }
}
