import type { Action } from "../../ir/action.js";
import type { Flow } from "../../ir/flow.js";
import type { Match, MaybeMasked, OfPort } from "../../ir/match.js";
import type { Mac } from "../../net/mac.js";
import type { Translation } from "./translation.js";

/** Which numbers mean what on a bridge. */
export interface FlowContext {
  readonly bridge: string;
  /** Tables of br-int in which VLANs are those of the physical network. */
  readonly physicalVlanTables: ReadonlySet<number>;
  /** Ports of br-int that lead to physical bridges, by our numbers: VLANs of what comes in there are the physical network's. */
  readonly physicalPorts: ReadonlySet<number>;
  /** The table of br-int in which frames to a port come with its local VLAN, or straight from the wire with that of the physical network. */
  readonly deliveryTable: number | undefined;
  /** Local VLANs of the other side's ports, in its numbers, by MAC. */
  readonly tags: ReadonlyMap<string, number>;
}

const conjunctionBlock = 8;

/** A flow in our numbers. */
export function translateFlow(flow: Flow, translation: Translation, context: FlowContext): Flow {
  const ofports = translation.ofports.get(context.bridge) ?? new Map<number, number>();
  const { localVlans, conjunctions, macs } = translation;
  if (ofports.size === 0 && localVlans.size === 0 && conjunctions.size === 0 && macs.size === 0) return flow;
  const port = <T extends OfPort | undefined>(value: T): T => (typeof value === "number" ? ((ofports.get(value) ?? value) as T) : value);
  const vlan = (value: number): number => localVlans.get(value) ?? value;
  const conjunction = (id: number): number => {
    const offset = id % conjunctionBlock;
    return (conjunctions.get(id - offset) ?? id - offset) + offset;
  };
  const mac = (value: Mac): Mac => macs.get(value) ?? value;
  const { match } = flow;
  const isIntegration = context.bridge === "br-int";
  const isPhysicalVlan =
    isIntegration &&
    (context.physicalVlanTables.has(flow.table) ||
      (typeof match.inPort === "number" && context.physicalPorts.has(port(match.inPort))) ||
      isDeliveryFromWire(flow, context));
  const translated: { -readonly [K in keyof Match]: Match[K] } = { ...match };
  if (match.inPort !== undefined) translated.inPort = port(match.inPort);
  if (match.vlanVid !== undefined && !isPhysicalVlan) translated.vlanVid = vlan(match.vlanVid);
  if (match.conjId !== undefined) translated.conjId = conjunction(match.conjId);
  for (const field of ["ethSrc", "ethDst"] as const) {
    const value = match[field];
    if (typeof value === "string") translated[field] = mac(value);
  }
  for (const field of ["arpSha", "arpTha"] as const) {
    const value = match[field];
    if (value !== undefined) translated[field] = mac(value);
  }
  if (isIntegration) {
    const reg5 = exact(match.reg5);
    const reg6 = exact(match.reg6);
    if (reg5 !== undefined) translated.reg5 = port(reg5);
    if (reg6 !== undefined) translated.reg6 = vlan(reg6);
    // The firewall tracks connections by network: the zone is the local VLAN.
    if (match.ctZone !== undefined) translated.ctZone = vlan(match.ctZone);
  }
  const translateAction = (action: Action): Action => {
    switch (action.kind) {
      case "output":
        return { ...action, port: port(action.port) };
      case "resubmit":
        return action.port === undefined ? action : { ...action, port: port(action.port) };
      case "conjunction":
        return { ...action, id: conjunction(action.id) };
      case "ct":
        return isIntegration && typeof action.zone === "number" ? { ...action, zone: vlan(action.zone) } : action;
      case "mod-vlan-vid":
        return isIntegration ? { ...action, vlanVid: vlan(action.vlanVid) } : action;
      case "set-field":
        return setField(action);
      default:
        return action;
    }
  };
  const setField = (action: Extract<Action, { kind: "set-field" }>): Action => {
    switch (action.field) {
      case "ethSrc":
      case "ethDst":
      case "arpSha":
      case "arpTha":
        return { ...action, value: mac(action.value) };
      case "vlanVid":
        return isIntegration || context.bridge === "br-tun" ? { ...action, value: vlan(action.value) } : action;
      case "reg5":
        return isIntegration ? { ...action, value: port(action.value) } : action;
      case "reg6":
        return isIntegration ? { ...action, value: vlan(action.value) } : action;
      case "reg7":
        return isIntegration && match.conjId !== undefined ? { ...action, value: conjunction(action.value) } : action;
      default:
        return action;
    }
  };
  return { ...flow, match: translated, actions: flow.actions.map(translateAction) };
}

/** VLANs of the wire may be numbers of local ones, too: what is not the port's own local VLAN is the wire's. */
function isDeliveryFromWire({ table, match }: Flow, { deliveryTable, tags }: FlowContext): boolean {
  const tag = table === deliveryTable && typeof match.ethDst === "string" ? tags.get(match.ethDst) : undefined;
  return tag !== undefined && match.vlanVid !== tag;
}

function exact(value: MaybeMasked<number> | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
