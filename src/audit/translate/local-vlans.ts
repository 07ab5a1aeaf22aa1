import { remember } from "../../base/remember.js";
import type { Bridge } from "../../ir/bridge.js";
import type { HostState } from "../../ir/host-state.js";
import { majority, oneToOne, type Renumbering } from "./translation.js";

/**
 * Local VLANs, matched by what belongs to a network: its ports by name, its tunnel id, its VLAN or flat network on each physical bridge.
 *
 * The majority of these witnesses decides.
 */
export function translateLocalVlans(expected: HostState, live: HostState, renumberings: Renumbering[]): ReadonlyMap<number, number> {
  const there = witnesses(live);
  const votes = new Map<number, number[]>();
  for (const [witness, vlan] of witnesses(expected)) {
    const other = there.get(witness);
    const known = votes.get(vlan);
    if (known === undefined) votes.set(vlan, other === undefined ? [] : [other]);
    else if (other !== undefined) known.push(other);
  }
  const claims = [...votes].map(([vlan, others]) => [majority(vlan, others), vlan] as const);
  const map = oneToOne(claims, new Set(there.values()));
  for (const [other, vlan] of claims) {
    if (map.get(other) !== vlan) continue;
    const owner = ownerOf(expected, vlan);
    renumberings.push({ what: "local VLAN", owner, expected: String(vlan), live: String(other), nature: "renumbering" });
  }
  return map;
}

/** Things of a network that do not depend on its local VLAN, each with the local VLAN that it tells. */
function witnesses({ bridges }: HostState): ReadonlyMap<string, number> {
  return new Map(bridges.flatMap((bridge) => [...bridgeWitnesses(bridge)]));
}

const bridgeWitnesses = remember((bridge: Bridge): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const ambiguous = new Set<string>();
  const add = (witness: string, vlan: number): void => {
    if ((found.get(witness) ?? vlan) !== vlan) ambiguous.add(witness);
    found.set(witness, vlan);
  };
  for (const { name, tag } of bridge.ports) if (tag !== undefined) add(`port ${name}`, tag);
  if (bridge.name === "br-int") return found;
  for (const { match, actions, table } of bridge.flows) {
    for (const action of actions) {
      if (action.kind !== "set-field") continue;
      if (action.field === "tunId" && match.ethDst === undefined && match.vlanVid !== undefined)
        add(`to tunnel ${action.value}`, match.vlanVid);
      if (action.field !== "vlanVid") continue;
      if (match.tunId !== undefined) add(`${table} from tunnel ${JSON.stringify(match.tunId)}`, action.value);
      else if (match.vlanVid !== undefined) add(`${bridge.name} ${table} VLAN ${action.value}`, match.vlanVid);
    }
    if (isFlat(bridge, match.vlanVid, actions)) add(`${bridge.name} ${table} flat`, match.vlanVid ?? 0);
  }
  // Networks of two kinds of tunnel may have one id.
  for (const witness of ambiguous) found.delete(witness);
  return found;
});

function isFlat(bridge: Bridge, vlan: number | undefined, actions: Bridge["flows"][number]["actions"]): boolean {
  return bridge.name !== "br-tun" && vlan !== undefined && actions.some(({ kind }) => kind === "pop-vlan");
}

function ownerOf({ bridges }: HostState, vlan: number): string {
  const [port, ...more] = bridges.flatMap(({ ports }) => ports.filter(({ tag }) => tag === vlan));
  if (port === undefined) return "a network without ports";
  return `the network of ${port.name}${more.length === 0 ? "" : ` and ${more.length} more`}`;
}
