import type { Bridge } from "../../ir/bridge.js";
import type { HostState } from "../../ir/host-state.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { translateConjunctions } from "./conjunctions.js";
import { translateDvrMac } from "./dvr-macs.js";
import { translateLinks } from "./fip-links.js";
import { type FlowContext, translateFlow } from "./flows.js";
import { translateLocalVlans } from "./local-vlans.js";
import { translateOfports } from "./ofports.js";
import { translateScopeMarks } from "./scope-marks.js";
import { identity, type Renumbering, type Translation } from "./translation.js";
import { renameUplink } from "./uplinks.js";
import { translateZones } from "./zones.js";

/** How a host's other side is called on ours, and what of that is worth telling. */
export interface HostTranslation {
  readonly translation: Translation;
  readonly renumberings: readonly Renumbering[];
  /** The other side's bridges, uplinks called as expected. */
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly contextOf: (bridge: string) => FlowContext;
  /** The host's own DVR MAC, where it is another: all hosts have flows with it. */
  readonly dvrMac: readonly [live: Mac, expected: Mac] | undefined;
}

/** Finds out what the other side's numbers and random identities are called on ours. `dvrMacs` are those of other hosts, as far as they are known. */
export function translateHost(expected: HostState, live: HostState, release: Release, dvrMacs: ReadonlyMap<Mac, Mac>): HostTranslation {
  const renumberings: Renumbering[] = [];
  const here = new Map(expected.bridges.map((bridge) => [bridge.name, bridge]));
  const bridges = new Map(
    live.bridges.map((bridge) => {
      const own = here.get(bridge.name);
      return [bridge.name, own === undefined ? bridge : renameUplink(own, bridge, renumberings)];
    }),
  );
  const ofports = new Map(
    expected.bridges.flatMap((bridge) => {
      const other = bridges.get(bridge.name);
      return other === undefined ? [] : [[bridge.name, translateOfports(bridge, other, renumberings)] as const];
    }),
  );
  const dvrMac = translateDvrMac(expected, live, release, renumberings);
  const links = translateLinks(expected, live, renumberings);
  const base: Translation = {
    ...identity,
    ofports,
    localVlans: translateLocalVlans(expected, live, renumberings),
    macs: new Map([...links.macs, ...dvrMacs, ...(dvrMac === undefined ? [] : [dvrMac])]),
    addresses: links.addresses,
    zones: translateZones(expected, live, renumberings),
    scopeMarks: translateScopeMarks(expected, live, renumberings),
  };
  const contextOf = flowContexts(expected, bridges.get("br-int"), release);
  const own = expected.bridges.find(({ name }) => name === "br-int")?.flows ?? [];
  const integration = bridges.get("br-int")?.flows ?? [];
  const translated = integration.map((flow) => translateFlow(flow, base, contextOf("br-int")));
  const other = translated.every((flow, index) => flow === integration[index]) ? integration : translated;
  const conjunctions = translateConjunctions(own, other, renumberings);
  return { translation: { ...base, conjunctions }, renumberings, bridges, contextOf, dvrMac };
}

function flowContexts(
  { bridges }: HostState,
  live: Bridge | undefined,
  { flowTables: { brInt } }: Release,
): (bridge: string) => FlowContext {
  const deliveryTable = brInt.pipeline?.transient;
  const tags = new Map(
    live?.ports.flatMap(({ tag, mac, externalIds }) => {
      const attached = externalIds?.["attached-mac"] ?? mac;
      return tag === undefined || attached === undefined ? [] : [[attached, tag] as const];
    }),
  );
  // The table beside it, of ARP replies to the host's own MAC, matches local VLANs. Source: Neutron `install_dvr_dst_mac_for_arp`.
  const physicalVlanTables = new Set([brInt.dvrToSrcMacPhysical]);
  const contexts = new Map(
    bridges.map(({ name, ports }) => {
      const physicalPorts = new Set(
        ports.filter((port) => port.type.kind === "patch" && port.type.peer !== "patch-int").map(({ ofport }) => ofport),
      );
      return [name, { bridge: name, physicalVlanTables, physicalPorts, deliveryTable, tags }] as const;
    }),
  );
  return (bridge) => contexts.get(bridge) ?? { bridge, physicalVlanTables, physicalPorts: new Set(), deliveryTable, tags };
}
