import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { HostDeclaration } from "../../model/topology.js";
import type { SourceSpan } from "../../source/span.js";
import type { CheckContext } from "../context.js";

/**
 * The L3 agent's mode fits the Open vSwitch agent's options and the release.
 *
 * Source: Neutron `OVSNeutronAgent._check_agent_configurations`; the DVR deployment guide.
 */
export function* checkAgentModes(context: CheckContext): Iterable<Diagnostic> {
  const { topology, release, at } = context;
  for (const host of topology.hosts.values()) {
    const { name, pointer, agentMode: mode, agent } = host;
    if (mode === "dvr_no_external" && !release.features.has("dvr-no-external")) {
      yield report("agent-mode-not-in-release", { host: name, mode, release: release.name }, at(`${pointer}/agent_mode`));
    }
    if (mode !== "legacy" && !agent.enableDistributedRouting) {
      const related = [{ at: optionPlace(context, host, "enable_distributed_routing"), message: "It is turned off here." }];
      yield report("no-distributed-routing", { host: name, mode }, at(`${pointer}/agent_mode`), { related });
    }
    if (agent.enableDistributedRouting && agent.tunnelTypes.length > 0 && !agent.l2Population) {
      const related = [{ at: optionPlace(context, host, "l2_population"), message: "It is turned off here." }];
      yield report("no-l2-population", { host: name }, at(pointer, "key"), { related });
    }
  }
}

function optionPlace({ written, at }: CheckContext, host: HostDeclaration, option: string): SourceSpan {
  const own = `${host.pointer}/agent/${option}`;
  return at(written(own) ? own : `/agent/${option}`);
}
