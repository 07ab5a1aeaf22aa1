import type { HostState } from "../ir/host-state.js";
import type { Machine } from "../virtual/machine.js";
import type { SegmentPlan, WorldPlan } from "../virtual/world.js";
import { boxOfMachine, boxOnHost, drawHost, machineBox, type Known, tunnelPort } from "./host-picture.js";
import type { Box, Link, Picture } from "./picture.js";

/** The id of the box of the underlay. */
export const tunnelsBox = "underlay";

/**
 * Draws hosts, in the order of their states, with what joins them to each other and to the outside.
 *
 * Each state is asked for once, and let go of: memory is bounded by the picture and one host's state.
 */
export function draw(plan: Pick<WorldPlan, "machinesAt" | "segments" | "outside">, states: Iterable<HostState>, known: Known): Picture {
  const hosts = Array.from(states, (state) => {
    const { picture, links } = drawHost(state, plan.machinesAt(state.host), known);
    return { picture, links: [...links, ...tunnelLinks(state), ...uplinks(state, plan.segments)] };
  });
  const links = hosts.flatMap((host) => host.links);
  const underlay = links.some(({ lower }) => lower.box === tunnelsBox) ? [tunnels] : [];
  return {
    hosts: hosts.map(({ picture }) => picture),
    outside: [...underlay, ...plan.segments.map(segmentBox), ...plan.outside.map((machine) => machineBox(machine, known))],
    links: [...links, ...plan.outside.flatMap(upstreamLinks)],
  };
}

const tunnels: Box = { id: tunnelsBox, kind: "tunnels", title: "underlay", lines: [], ports: [] };

function segmentBox({ name }: SegmentPlan): Box {
  return { id: segmentId(name), kind: "segment", title: name, lines: ["physical network"], ports: [] };
}

function segmentId(name: string): string {
  return `segment ${name}`;
}

function tunnelLinks({ host, bridges }: HostState): readonly Link[] {
  return bridges
    .filter(({ ports }) => ports.some(({ type }) => type.kind === "tunnel"))
    .map(({ name }) => ({ upper: { box: boxOnHost(host, name), port: tunnelPort }, lower: { box: tunnelsBox } }));
}

/** From a host's bridges to physical networks, by the ports that somebody else has plugged in. */
function uplinks({ host, bridges }: HostState, segments: readonly SegmentPlan[]): readonly Link[] {
  return segments.flatMap((segment) =>
    segment.bridges.flatMap((member): Link[] => {
      const bridge = member.host === host ? bridges.find(({ name }) => name === member.bridge) : undefined;
      const uplink = bridge?.ports.find(({ type }) => type.kind === "system");
      if (bridge === undefined || uplink === undefined) return [];
      return [{ upper: { box: boxOnHost(host, bridge.name), port: uplink.name }, lower: { box: segmentId(segment.name) } }];
    }),
  );
}

function upstreamLinks({ name, links }: Machine): readonly Link[] {
  return [...links].flatMap(([device, link]): Link[] =>
    link.kind === "segment" ? [{ upper: { box: segmentId(link.segment) }, lower: { box: boxOfMachine(name), port: device } }] : [],
  );
}
