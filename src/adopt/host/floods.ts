import type { HostView } from "../../model/host-view.js";
import type { Release } from "../../releases/release.js";
import type { DumpedHost } from "./facts.js";
import type { Adopt } from "./numbers.js";

/** Flood entries that no other host has changed since the network was wired: the hosts whose tunnels were there then. */
export function adoptFloods(view: HostView, dump: DumpedHost, release: Release, adopt: Adopt): void {
  const flows = dump.flows("br-tun", release.flowTables.brTun.floodToTun);
  const hostOf = new Map((view.brTun?.tunnels ?? []).map((tunnel) => [dump.port("br-tun", tunnel.name)?.ofport, tunnel.remote.name]));
  for (const { network, ports } of view.networks) {
    const tag = ports.map(({ bridge, device }) => dump.port(bridge, device)?.tag).find((found) => found !== undefined);
    const flow = flows.find(({ match, priority }) => priority === 1 && match.vlanVid === tag && tag !== undefined);
    const hosts = (flow?.actions ?? []).flatMap((action) =>
      action.kind === "output" ? (hostOf.get(action.port === "local" ? undefined : action.port) ?? []) : [],
    );
    adopt("flood", network.key, hosts);
  }
}
