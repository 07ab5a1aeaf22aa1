import type { Action, LearnSpec, Subfield } from "../ir/action.js";
import type { Flow } from "../ir/flow.js";
import type { MaybeMasked, Match } from "../ir/match.js";
import { ipv4FromNumber, ipv6FromBigInt } from "../net/ip.js";
import { macFromNumber } from "../net/mac.js";
import { type FlowField, type FlowKey, localPort } from "./flow-key.js";
import { fullMask } from "./key-match.js";
import { keyPart, portOfNumber, readPart } from "./subfield.js";

type LearnAction = Extract<Action, { readonly kind: "learn" }>;

/**
 * The flow that `learn(...)` makes of a packet: constants and copied fields become its match, loads and outputs its actions.
 *
 * Source: ovs-actions(7).
 */
export function learnedFlow(action: LearnAction, key: FlowKey, learner: Flow): Flow {
  const matches = new Map<FlowField, { value: bigint; mask: bigint }>();
  const actions: Action[] = [];
  for (const spec of action.specs) {
    if (spec.kind === "match-field" || spec.kind === "match-value") addMatch(matches, spec, key);
    else actions.push(...learnedAction(spec, key));
  }
  return {
    table: action.table,
    priority: action.priority,
    cookie: action.cookie,
    match: learnedMatch(matches),
    actions,
    ...(action.idleTimeout > 0 ? { idleTimeout: action.idleTimeout } : {}),
    ...(action.hardTimeout > 0 ? { hardTimeout: action.hardTimeout } : {}),
    origin: learner.origin,
  };
}

function addMatch(
  matches: Map<FlowField, { value: bigint; mask: bigint }>,
  spec: LearnSpec & { readonly kind: "match-field" | "match-value" },
  key: FlowKey,
): void {
  const destination = keyPart(spec.destination);
  if (destination === undefined) return;
  const value = spec.kind === "match-value" ? spec.value : read(spec.source, key);
  const before = matches.get(destination.field) ?? { value: 0n, mask: 0n };
  matches.set(destination.field, {
    value: before.value | ((value & destination.mask) << destination.shift),
    mask: before.mask | (destination.mask << destination.shift),
  });
}

function learnedAction(spec: Exclude<LearnSpec, { readonly kind: "match-field" | "match-value" }>, key: FlowKey): readonly Action[] {
  switch (spec.kind) {
    case "output": {
      const port = Number(read(spec.source, key));
      return [port === localPort ? { kind: "output", port: "local" } : { kind: "output", port }];
    }
    case "load-value":
      return [{ kind: "load", value: spec.value, destination: spec.destination }];
    case "load-field":
      return [{ kind: "load", value: read(spec.source, key), destination: spec.destination }];
  }
}

function read(source: Subfield, key: FlowKey): bigint {
  const part = keyPart(source);
  return part === undefined ? 0n : readPart(key, part);
}

function learnedMatch(matches: ReadonlyMap<FlowField, { value: bigint; mask: bigint }>): Match {
  const match: Record<string, unknown> = {};
  for (const [field, { value, mask }] of matches) {
    const whole = mask === BigInt(fullMask(field));
    match[field] = matchValue(field, value, whole ? undefined : mask);
  }
  return match;
}

function matchValue(field: FlowField, value: bigint, mask: bigint | undefined): MaybeMasked<unknown> {
  const one = (bits: bigint): unknown => {
    if (field === "ethSrc" || field === "ethDst" || field === "arpSha" || field === "arpTha") return macFromNumber(Number(bits));
    if (field === "ipSrc" || field === "ipDst") return ipv4FromNumber(Number(bits));
    if (field === "ipv6Src" || field === "ipv6Dst" || field === "ndTarget") return ipv6FromBigInt(bits);
    return field === "inPort" ? portOfNumber(bits) : Number(bits);
  };
  return mask === undefined ? one(value) : { value: one(value), mask: one(mask) };
}
