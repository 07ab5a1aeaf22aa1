import { byText, sorted } from "../base/order.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { ResolvedFloatingIp, ResolvedPort, ResolvedTopology } from "../model/resolved.js";
import { cidrCanonical, parseCidr, hostCidr } from "../net/cidr.js";
import { parseIp } from "../net/ip.js";
import type { SourceDocument } from "../source/document.js";
import type { ApiFloatingIp, ApiPort } from "./answers.js";
import { type Cloud, isBound, isNetworkPort } from "./document/cloud.js";
import type { AnswerRecord } from "./record.js";

/** Attributes of a resource as text, by name: one side of a comparison. */
type Attributes = Readonly<Record<string, string>>;

const agentGateway = "network:floatingip_agent_gateway";

/**
 * What the topology that was made has otherwise than the answers: a state of the cloud that no topology says.
 *
 * Errors: `answer-differs` for an attribute, `left-out` for a port that nothing makes, `port-not-answered` for one that the answers do not have.
 */
export function deviations(cloud: Cloud, topology: ResolvedTopology, document: SourceDocument): Diagnostic[] {
  const ports = new Map<string, ResolvedPort>(topology.ports.map((port) => [port.id, port]));
  const floatingIps = new Map<string, ResolvedFloatingIp>(topology.floatingIps.map((floatingIp) => [floatingIp.id, floatingIp]));
  const gateways = new Set(topology.ports.flatMap((port) => (port.deviceOwner === agentGateway ? [gatewayPlace(port)] : [])));
  const found: Diagnostic[] = [];
  for (const port of cloud.answers.ports) {
    const made = ports.get(port.id);
    if (made === undefined) found.push(leftOut(port, gateways.has(`${port.networkId} ${port.host ?? ""}`)));
    else found.push(...differences("port", port.id, port.record, answeredPort(cloud, port), madePort(cloud, made)));
  }
  for (const floatingIp of cloud.answers.floatingIps) {
    const made = floatingIps.get(floatingIp.id);
    if (made === undefined) continue;
    found.push(...differences("floating IP", floatingIp.id, floatingIp.record, answeredFloatingIp(floatingIp), madeFloatingIp(made)));
  }
  for (const port of topology.ports) {
    if (cloud.ports.has(port.id)) continue;
    const holes = { port: port.key, owner: port.deviceOwner };
    found.push(report("port-not-answered", holes, document.locate(port.pointer).span));
  }
  return found;
}

function gatewayPlace({ network, host }: ResolvedPort): string {
  return `${network.id} ${host?.name ?? ""}`;
}

function leftOut(port: ApiPort, hasOther: boolean): Diagnostic {
  const another = `host "${port.host ?? ""}" has another agent gateway on the network, which is in use`;
  const reason =
    hasOther && port.deviceOwner === agentGateway ? another : `nothing in the topology makes a port of ${port.deviceOwner} there`;
  return report("left-out", { what: "port", id: port.id, reason }, port.record.span());
}

function differences(what: string, id: string, record: AnswerRecord, answered: Attributes, made: Attributes): Diagnostic[] {
  return Object.entries(answered).flatMap(([attribute, theirs]) => {
    const ours = made[attribute] ?? "";
    if (ours === theirs) return [];
    return [report("answer-differs", { what, id, attribute, theirs: theirs || "none", ours: ours || "none" }, record.span())];
  });
}

function answeredPort(cloud: Cloud, port: ApiPort): Attributes {
  const common = {
    MAC: port.macAddress.toLowerCase(),
    addresses: list(port.fixedIps.map(({ ipAddress }) => parseIp(ipAddress) ?? ipAddress)),
    host: isBound(port) ? (port.host ?? "") : "",
    admin_state_up: String(port.adminStateUp),
  };
  if (isNetworkPort(port)) return common;
  return {
    ...common,
    "security groups": list(port.securityGroups.filter((id) => cloud.groups.has(id))),
    "allowed address pairs": list(
      port.allowedAddressPairs.map(({ ipAddress, macAddress }) => `${prefix(ipAddress)} ${(macAddress ?? port.macAddress).toLowerCase()}`),
    ),
    port_security_enabled: String(port.portSecurityEnabled),
  };
}

function madePort(cloud: Cloud, port: ResolvedPort): Attributes {
  return {
    MAC: port.mac,
    addresses: list(port.fixedIps.map(({ ip }) => ip)),
    host: port.host?.name ?? "",
    "security groups": list(port.securityGroups.map(({ id }) => id).filter((id) => cloud.groups.has(id))),
    "allowed address pairs": list(port.allowedAddressPairs.map(({ ip, mac }) => `${prefix(ip)} ${mac}`)),
    port_security_enabled: String(port.portSecurity),
    admin_state_up: String(port.adminStateUp),
  };
}

function answeredFloatingIp({ floatingIpAddress, portId, fixedIpAddress, routerId }: ApiFloatingIp): Attributes {
  return { address: floatingIpAddress, port: portId ?? "", "fixed address": fixedIpAddress ?? "", router: routerId ?? "" };
}

function madeFloatingIp({ ip, target }: ResolvedFloatingIp): Attributes {
  return { address: ip, port: target?.port.id ?? "", "fixed address": target?.fixedIp ?? "", router: target?.router.id ?? "" };
}

function list(values: readonly string[]): string {
  return sorted(new Set(values), byText).join(", ");
}

/** An address or prefix in one spelling. */
function prefix(text: string): string {
  const address = parseIp(text);
  if (address !== undefined) return hostCidr(address);
  const cidr = parseCidr(text);
  return cidr === undefined ? text : cidrCanonical(cidr);
}
