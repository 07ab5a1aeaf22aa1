import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { CheckContext } from "../context.js";

/** SNAT of distributed routers on one network host: the part that DVR leaves central. */
export function* checkSingleSnatHost({ topology, at }: CheckContext): Iterable<Diagnostic> {
  const routed = [...topology.routers.values()].filter(({ distributed, gateway }) => distributed && gateway?.enableSnat === true);
  const hosts = [...topology.hosts.values()].filter(({ agentMode }) => agentMode === "dvr_snat");
  const [host, second] = hosts;
  if (routed.length === 0 || host === undefined || second !== undefined) return;
  yield report("single-snat-host", { host: host.name }, at(host.pointer, "key"));
}
