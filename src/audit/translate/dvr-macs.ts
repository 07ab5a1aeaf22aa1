import { remember } from "../../base/remember.js";
import type { Bridge } from "../../ir/bridge.js";
import type { Flow } from "../../ir/flow.js";
import type { HostState } from "../../ir/host-state.js";
import type { Mac } from "../../net/mac.js";
import type { Release } from "../../releases/release.js";
import { majority, type Renumbering } from "./translation.js";

/**
 * The MAC by which a host hides its distributed routers, on both sides; undefined where either has none or they are equal.
 *
 * Every flow that expects or writes it is a witness. The server draws it at random, and the API does not tell it.
 */
export function translateDvrMac(
  expected: HostState,
  live: HostState,
  release: Release,
  renumberings: Renumbering[],
): readonly [live: Mac, expected: Mac] | undefined {
  const [first, ...others] = witnesses(expected, release);
  if (first === undefined) return undefined;
  const own = majority(first, [first, ...others]);
  const other = majority(own, witnesses(live, release));
  if (other === own) return undefined;
  renumberings.push({ what: "DVR MAC", owner: `host ${expected.host}`, expected: own, live: other, nature: "chance" });
  return [other, own];
}

const witnessesByRelease = remember((release: Release) =>
  remember(({ name, flows }: Bridge): readonly Mac[] => {
    const { brInt, brTun, brPhys } = release.flowTables;
    const replies = new Set([brInt.pipeline?.arpDvrMacToDstMac, brInt.pipeline?.arpDvrMacToDstMacPhysical]);
    const process = name === "br-tun" ? brTun.dvrProcess : brPhys.dvrProcess;
    return flows.flatMap((flow) => {
      if (name === "br-int") return expects(flow, replies) ?? [];
      return flow.table === process ? writes(flow) : [];
    });
  }),
);

function witnesses({ bridges }: HostState, release: Release): Mac[] {
  return bridges.flatMap(witnessesByRelease(release));
}

function expects({ table, match, actions }: Flow, replies: ReadonlySet<number | undefined>): Mac | undefined {
  if (typeof match.ethDst !== "string") return undefined;
  const leads = actions.some((action) => action.kind === "goto-table" && replies.has(action.table));
  return leads || replies.has(table) ? match.ethDst : undefined;
}

function writes({ actions }: Flow): Mac[] {
  return actions.flatMap((action) => (action.kind === "set-field" && action.field === "ethSrc" ? [action.value] : []));
}
