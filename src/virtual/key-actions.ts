import type { Action, SetField } from "../ir/action.js";
import { ipv4ToNumber, ipv6ToBigInt } from "../net/ip.js";
import { macToNumber } from "../net/mac.js";
import { type FlowKey, vlanPresent } from "./flow-key.js";
import { keyPart, readPart, writePart } from "./subfield.js";

/** The actions that only change the packet's headers or its metadata. */
export type KeyAction = Extract<Action, { readonly kind: "set-field" | "move" | "load" | "push-vlan" | "pop-vlan" | "mod-vlan-vid" }>;

/** Does to a key what the action says. */
export function applyKeyAction(key: FlowKey, action: KeyAction): void {
  switch (action.kind) {
    case "set-field":
      setField(key, action);
      return;
    case "move": {
      const [source, destination] = [keyPart(action.source), keyPart(action.destination)];
      if (source !== undefined && destination !== undefined) writePart(key, destination, readPart(key, source));
      return;
    }
    case "load": {
      const destination = keyPart(action.destination);
      if (destination !== undefined) writePart(key, destination, action.value);
      return;
    }
    case "push-vlan":
      key.innerVlanTci = key.vlanTci;
      key.vlanTci = vlanPresent;
      return;
    case "pop-vlan":
      key.vlanTci = key.innerVlanTci;
      key.innerVlanTci = 0;
      return;
    case "mod-vlan-vid":
      key.vlanTci = (key.vlanTci & 0xe000) | vlanPresent | action.vlanVid;
  }
}

function setField(key: FlowKey, action: SetField): void {
  switch (action.field) {
    case "ethSrc":
    case "ethDst":
    case "arpSha":
    case "arpTha":
      key[action.field] = macToNumber(action.value);
      return;
    case "vlanVid":
      if ((key.vlanTci & vlanPresent) !== 0) key.vlanTci = (key.vlanTci & 0xf000) | action.value;
      return;
    case "ipDscp":
      key.ipTos = action.value << 2;
      return;
    case "arpOp":
      key.ipProto = action.value;
      return;
    case "arpSpa":
    case "ipSrc":
      key.ipSrc = ipv4ToNumber(action.value);
      return;
    case "arpTpa":
    case "ipDst":
      key.ipDst = ipv4ToNumber(action.value);
      return;
    case "ipv6Src":
    case "ipv6Dst":
      key[action.field] = ipv6ToBigInt(action.value);
      return;
    default:
      key[action.field] = action.value;
  }
}
