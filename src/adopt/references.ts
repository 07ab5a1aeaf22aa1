import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { Answers } from "./answers.js";
import type { AnswerRecord } from "./record.js";

/** Something that refers to other resources. */
interface Referring {
  readonly id: string;
  readonly record: AnswerRecord;
}

/**
 * Checks that everything the answers refer to is among them; what builds the topology relies on it.
 *
 * Errors: `answer-dangling`, once for each resource and target. Groups are not missed where the answers have none at all.
 */
export function checkReferences(answers: Answers): Diagnostic[] {
  const { networks, subnets, ports, routers, floatingIps, securityGroups, securityGroupRules } = answers;
  const diagnostics: Diagnostic[] = [];
  const check = (what: string, target: string, known: ReadonlySet<string>) => (from: Referring, ids: readonly (string | undefined)[]) => {
    const missing = ids.find((id) => id !== undefined && !known.has(id));
    if (missing === undefined) return;
    diagnostics.push(report("answer-dangling", { what, id: from.id, target, targetId: missing }, from.record.span()));
  };
  const ids = (resources: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(resources.map(({ id }) => id));
  const [networkIds, subnetIds, portIds, groupIds] = [ids(networks), ids(subnets), ids(ports), ids(securityGroups)];

  const subnetNetwork = check("subnet", "network", networkIds);
  for (const subnet of subnets) subnetNetwork(subnet, [subnet.networkId]);
  const portNetwork = check("port", "network", networkIds);
  const portSubnets = check("port", "subnet", subnetIds);
  const portGroups = check("port", "security group", groupIds);
  for (const port of ports) {
    portNetwork(port, [port.networkId]);
    portSubnets(
      port,
      port.fixedIps.map(({ subnetId }) => subnetId),
    );
    if (securityGroups.length > 0) portGroups(port, port.securityGroups);
  }
  const routerNetwork = check("router", "network", networkIds);
  for (const router of routers) routerNetwork(router, [router.gateway?.networkId]);
  const floatingNetwork = check("floating IP", "network", networkIds);
  const floatingPort = check("floating IP", "port", portIds);
  for (const floatingIp of floatingIps) {
    floatingNetwork(floatingIp, [floatingIp.floatingNetworkId]);
    floatingPort(floatingIp, [floatingIp.portId]);
  }
  const ruleGroups = check("security group rule", "security group", groupIds);
  for (const rule of securityGroupRules) ruleGroups(rule, [rule.securityGroupId, rule.remoteGroupId]);
  return diagnostics;
}
