import type { Side } from "../finding.js";

/** What only extensions of the agents make that dvrc does not model. */
export const extensions: readonly { readonly makes: (entry: Side) => boolean; readonly reason: string }[] = [
  {
    // Source: Neutron `QosOVSAgentDriver`: nobody else sets queues and DSCP marks.
    makes: ({ entry }) =>
      entry.kind === "flow" &&
      entry.flow.actions.some((action) => action.kind === "set-queue" || (action.kind === "set-field" && action.field === "ipDscp")),
    reason: "quality of service is not modelled",
  },
  {
    // Source: Neutron `PortForwardingAgentExtension`, `DEFAULT_PORT_FORWARDING_CHAIN`, `PORT_FORWARDING_CHAIN_PREFIX`.
    makes: ({ entry, text }) =>
      (entry.kind === "chain" || entry.kind === "iptables-rule") && / neutron-l3-agent-(?:fip-pf|pf-[0-9a-f]+)(?: |$)/.test(text),
    reason: "port forwarding is not modelled",
  },
];
