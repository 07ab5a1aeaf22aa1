import { defined } from "../../base/invariant.js";
import type { Match } from "../../ir/match.js";
import { type Mac, parseMac } from "../../net/mac.js";

/** All stations of a segment. */
export const broadcastMac: Mac = constantMac("ff:ff:ff:ff:ff:ff");

const groupBit = constantMac("01:00:00:00:00:00");

/** Frames to one station: prints as `dl_dst=00:00:00:00:00:00/01:00:00:00:00:00`. */
export const unicastFrame: Match = { ethDst: { value: constantMac("00:00:00:00:00:00"), mask: groupBit } };

/** Broadcast and multicast frames: prints as `dl_dst=01:00:00:00:00:00/01:00:00:00:00:00`. */
export const groupFrame: Match = { ethDst: { value: groupBit, mask: groupBit } };

function constantMac(text: string): Mac {
  return defined(parseMac(text), text);
}
