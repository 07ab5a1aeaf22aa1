import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { hasErrors } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import type { SourceText } from "../source/span.js";
import { parseAnswer } from "./parse-answer.js";
import { AnswerRecord, isFields } from "./record.js";

/** An address of a port as the API gives it. */
export interface ApiFixedIp {
  readonly subnetId: string;
  readonly ipAddress: string;
}

/** A network as the API gives it, provider attributes with it. */
export interface ApiNetwork {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly shared: boolean;
  readonly external: boolean;
  readonly mtu: number | undefined;
  readonly networkType: string | undefined;
  readonly physicalNetwork: string | undefined;
  readonly segmentationId: number | undefined;
  readonly portSecurityEnabled: boolean;
  readonly ipv4AddressScope: string | undefined;
  readonly ipv6AddressScope: string | undefined;
  readonly record: AnswerRecord;
}

/** A subnet as the API gives it. */
export interface ApiSubnet {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly projectId: string;
  readonly cidr: string;
  readonly gatewayIp: string | undefined;
  readonly enableDhcp: boolean;
  readonly allocationPools: readonly { readonly start: string; readonly end: string }[];
  readonly dnsNameservers: readonly string[];
  readonly hostRoutes: readonly ApiRoute[];
  readonly ipv6RaMode: string | undefined;
  readonly ipv6AddressMode: string | undefined;
  readonly serviceTypes: readonly string[];
  readonly record: AnswerRecord;
}

/** A host route of a subnet, or an extra route of a router. */
export interface ApiRoute {
  readonly destination: string;
  readonly nexthop: string;
}

/** A port as the API gives it, its binding with it. */
export interface ApiPort {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly projectId: string;
  readonly macAddress: string;
  readonly fixedIps: readonly ApiFixedIp[];
  readonly deviceOwner: string;
  readonly deviceId: string;
  /** Undefined where unbound. */
  readonly host: string | undefined;
  /** `ovs`, `unbound`, `binding_failed`, `distributed` ...; undefined where the answer does not say. */
  readonly vifType: string | undefined;
  readonly status: string;
  readonly adminStateUp: boolean;
  readonly portSecurityEnabled: boolean;
  readonly securityGroups: readonly string[];
  readonly allowedAddressPairs: readonly { readonly ipAddress: string; readonly macAddress: string | undefined }[];
  readonly hybridPlug: boolean;
  readonly record: AnswerRecord;
}

/** A router as the API gives it to an administrator. */
export interface ApiRouter {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly distributed: boolean;
  readonly ha: boolean;
  readonly gateway:
    { readonly networkId: string; readonly enableSnat: boolean; readonly externalFixedIps: readonly ApiFixedIp[] } | undefined;
  readonly routes: readonly ApiRoute[];
  readonly record: AnswerRecord;
}

/** A floating IP as the API gives it. */
export interface ApiFloatingIp {
  readonly id: string;
  readonly projectId: string;
  readonly floatingIpAddress: string;
  readonly floatingNetworkId: string;
  readonly portId: string | undefined;
  readonly fixedIpAddress: string | undefined;
  readonly routerId: string | undefined;
  readonly record: AnswerRecord;
}

/** A security group as the API gives it; its rules come apart. */
export interface ApiSecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly stateful: boolean;
  readonly record: AnswerRecord;
}

/** A rule of a security group as the API gives it. */
export interface ApiSecurityGroupRule {
  readonly id: string;
  readonly securityGroupId: string;
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | undefined;
  readonly portRangeMin: number | undefined;
  readonly portRangeMax: number | undefined;
  readonly remoteIpPrefix: string | undefined;
  readonly remoteGroupId: string | undefined;
  readonly remoteAddressGroupId: string | undefined;
  readonly createdAt: string;
  /** The rule's number among all that the server made: ascending in order of creation. */
  readonly standardAttrId: number;
  readonly record: AnswerRecord;
}

/** An address group as the API gives it. */
export interface ApiAddressGroup {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly addresses: readonly string[];
  readonly record: AnswerRecord;
}

/** An agent of a host as the API gives it. */
export interface ApiAgent {
  readonly id: string;
  readonly host: string;
  /** `L3 agent`, `Open vSwitch agent`, `DHCP agent` ... */
  readonly type: string;
  /** False where the server has not heard of it for a while. */
  readonly alive: boolean;
  readonly configurations: AnswerRecord;
  readonly record: AnswerRecord;
}

/** The Networking API's answers, one list a resource. */
export interface Answers {
  readonly networks: readonly ApiNetwork[];
  readonly subnets: readonly ApiSubnet[];
  readonly ports: readonly ApiPort[];
  readonly routers: readonly ApiRouter[];
  readonly floatingIps: readonly ApiFloatingIp[];
  readonly securityGroups: readonly ApiSecurityGroup[];
  readonly securityGroupRules: readonly ApiSecurityGroupRule[];
  readonly addressGroups: readonly ApiAddressGroup[];
  readonly agents: readonly ApiAgent[];
}

/** Files of a folder of answers: the name without `.json`, and whether a cloud can be understood without it. */
export const answerFiles = [
  { resource: "networks", required: true },
  { resource: "subnets", required: true },
  { resource: "ports", required: true },
  { resource: "routers", required: true },
  { resource: "agents", required: true },
  { resource: "floatingips", required: false },
  { resource: "security-groups", required: false },
  { resource: "security-group-rules", required: false },
  { resource: "address-groups", required: false },
] as const;

/** Name of a file of answers, without `.json`. */
export type AnswerFile = (typeof answerFiles)[number]["resource"];

/**
 * Reads the answers of the Networking API: bodies of `GET /v2.0/<resource>` or `GET /v2.0/<resource>/<id>`, or what `openstack <resource> show -f json` prints, gathered in a list.
 *
 * Errors: `answer-syntax` for text that is not JSON or breaks off, `answer-shape` for JSON of another shape, `answer-columns` for the columns of
 * `openstack <resource> list`, `answer-field`, `answer-duplicate` for an id that stands twice.
 */
export function readAnswers(files: ReadonlyMap<AnswerFile, SourceText>): Result<Answers> {
  const diagnostics: Diagnostic[] = [];
  const records = (file: AnswerFile, what: string): AnswerRecord[] => readRecords(files.get(file), file, what, diagnostics);
  const groupRecords = records("security-groups", "security group");
  const ruleRecords = records("security-group-rules", "security group rule");
  const answers: Answers = {
    networks: records("networks", "network").map(network),
    subnets: records("subnets", "subnet").map(subnet),
    ports: records("ports", "port").map(port),
    routers: records("routers", "router").map(router),
    floatingIps: records("floatingips", "floating IP").map(floatingIp),
    securityGroups: groupRecords.map(securityGroup),
    securityGroupRules: rulesOf(groupRecords, ruleRecords, files.has("security-group-rules")),
    addressGroups: records("address-groups", "address group").map(addressGroup),
    agents: records("agents", "agent").map(agent),
  };
  return [hasErrors(diagnostics) ? undefined : answers, diagnostics];
}

function readRecords(source: SourceText | undefined, file: AnswerFile, what: string, diagnostics: Diagnostic[]): AnswerRecord[] {
  if (source === undefined) return [];
  const top = { source, start: 0, end: Math.min(1, source.text.length) };
  const [value, failure] = parseAnswer(source.text);
  if (failure !== undefined) {
    const start = Math.min(failure.position, source.text.length);
    diagnostics.push(report("answer-syntax", { reason: failure.reason }, { source, start, end: start }));
    return [];
  }
  if (isFields(value) && hasNextPage(value)) diagnostics.push(report("answer-page", { resource: file }, top));
  const list = listOf(value, file.replaceAll("-", "_")) ?? listOf(value, file);
  if (list === undefined || !list.every(isFields)) {
    diagnostics.push(report("answer-shape", { resource: file }, top));
    return [];
  }
  if (list.some((entry) => "ID" in entry && !("id" in entry))) {
    diagnostics.push(report("answer-columns", { resource: file }, top));
    return [];
  }
  const seen = new Set<string>();
  const records = list.map((entry) => new AnswerRecord(source, what, entry, diagnostics));
  for (const record of records) {
    const id = record.uuid("id");
    if (id !== "" && seen.has(id)) diagnostics.push(report("answer-duplicate", { what, id }, record.span()));
    seen.add(id);
  }
  return records;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** True for a page of a longer list. Source: Networking API, "Pagination". */
function hasNextPage(body: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(body).some(
    ([member, links]) =>
      member.endsWith("_links") && Array.isArray(links) && links.some((link) => isFields(link) && link["rel"] === "next"),
  );
}

/** The list in `{ "ports": [...] }`, a list alone, or one object alone; each object may be the body of `GET /v2.0/ports/<id>`. */
function listOf(value: unknown, member: string): readonly unknown[] | undefined {
  const one = member.replace(/s$/, "");
  const bare = (entry: unknown): unknown => (isFields(entry) && Object.keys(entry).join() === one ? entry[one] : entry);
  if (isList(value)) return value.map(bare);
  if (!isFields(value)) return undefined;
  const list = Object.hasOwn(value, member) ? value[member] : undefined;
  if (isList(list)) return list;
  const only = bare(value);
  return isFields(only) && typeof only["id"] === "string" ? [only] : undefined;
}

function projectOf(record: AnswerRecord): string {
  return record.optionalText("project_id") ?? "";
}

function network(record: AnswerRecord): ApiNetwork {
  return {
    id: record.text("id"),
    name: record.optionalText("name") ?? "",
    projectId: projectOf(record),
    shared: record.boolean("shared", false),
    external: record.boolean("router:external", false),
    mtu: record.optionalInteger("mtu"),
    networkType: record.optionalText("provider:network_type"),
    physicalNetwork: record.optionalText("provider:physical_network"),
    segmentationId: record.optionalInteger("provider:segmentation_id"),
    portSecurityEnabled: record.boolean("port_security_enabled", true),
    ipv4AddressScope: record.optionalText("ipv4_address_scope"),
    ipv6AddressScope: record.optionalText("ipv6_address_scope"),
    record,
  };
}

function subnet(record: AnswerRecord): ApiSubnet {
  return {
    id: record.text("id"),
    name: record.optionalText("name") ?? "",
    networkId: record.text("network_id"),
    projectId: projectOf(record),
    cidr: record.text("cidr"),
    gatewayIp: record.optionalText("gateway_ip"),
    enableDhcp: record.boolean("enable_dhcp", true),
    allocationPools: record.records("allocation_pools").map((pool) => ({ start: pool.text("start"), end: pool.text("end") })),
    dnsNameservers: record.texts("dns_nameservers"),
    hostRoutes: record.records("host_routes").map(route),
    ipv6RaMode: record.optionalText("ipv6_ra_mode"),
    ipv6AddressMode: record.optionalText("ipv6_address_mode"),
    serviceTypes: record.texts("service_types"),
    record,
  };
}

function route(record: AnswerRecord): ApiRoute {
  return { destination: record.text("destination"), nexthop: record.text("nexthop") };
}

function fixedIp(record: AnswerRecord): ApiFixedIp {
  return { subnetId: record.text("subnet_id"), ipAddress: record.text("ip_address") };
}

function port(record: AnswerRecord): ApiPort {
  const vifDetails = record.record("binding:vif_details");
  return {
    id: record.text("id"),
    name: record.optionalText("name") ?? "",
    networkId: record.text("network_id"),
    projectId: projectOf(record),
    macAddress: record.text("mac_address"),
    fixedIps: record.records("fixed_ips").map(fixedIp),
    deviceOwner: record.optionalText("device_owner") ?? "",
    deviceId: record.optionalText("device_id") ?? "",
    host: record.optionalText("binding:host_id"),
    vifType: record.optionalText("binding:vif_type"),
    status: record.optionalText("status") ?? "",
    adminStateUp: record.boolean("admin_state_up", true),
    portSecurityEnabled: record.boolean("port_security_enabled", true),
    securityGroups: record.texts("security_groups"),
    allowedAddressPairs: record.records("allowed_address_pairs").map((pair) => ({
      ipAddress: pair.text("ip_address"),
      macAddress: pair.optionalText("mac_address"),
    })),
    hybridPlug: vifDetails?.boolean("ovs_hybrid_plug", false) ?? false,
    record,
  };
}

function router(record: AnswerRecord): ApiRouter {
  const gateway = record.record("external_gateway_info");
  return {
    id: record.text("id"),
    name: record.optionalText("name") ?? "",
    projectId: projectOf(record),
    distributed: record.boolean("distributed", false),
    ha: record.boolean("ha", false),
    gateway:
      gateway === undefined || !gateway.has("network_id")
        ? undefined
        : {
            networkId: gateway.text("network_id"),
            enableSnat: gateway.boolean("enable_snat", true),
            externalFixedIps: gateway.records("external_fixed_ips").map(fixedIp),
          },
    routes: record.records("routes").map(route),
    record,
  };
}

function floatingIp(record: AnswerRecord): ApiFloatingIp {
  return {
    id: record.text("id"),
    projectId: projectOf(record),
    floatingIpAddress: record.text("floating_ip_address"),
    floatingNetworkId: record.text("floating_network_id"),
    portId: record.optionalText("port_id"),
    fixedIpAddress: record.optionalText("fixed_ip_address"),
    routerId: record.optionalText("router_id"),
    record,
  };
}

function securityGroup(record: AnswerRecord): ApiSecurityGroup {
  const name = record.optionalText("name") ?? "";
  return { id: record.text("id"), name, projectId: projectOf(record), stateful: record.boolean("stateful", true), record };
}

function addressGroup(record: AnswerRecord): ApiAddressGroup {
  const name = record.optionalText("name") ?? "";
  return { id: record.text("id"), name, projectId: projectOf(record), addresses: record.texts("addresses"), record };
}

/**
 * The rules of their own file, or else those inside the groups: both answers have them.
 *
 * Those inside the groups alone have the number by which the database knows them: many are made in one second. Source: Neutron
 * `SecurityGroupDbMixin._make_security_group_rule_dict`.
 */
function rulesOf(groups: readonly AnswerRecord[], rules: readonly AnswerRecord[], ownFile: boolean): readonly ApiSecurityGroupRule[] {
  const inside = groups.flatMap((group) => group.records("security_group_rules")).map(securityGroupRule);
  if (!ownFile) return inside;
  const numbers = new Map(inside.map(({ id, standardAttrId }) => [id, standardAttrId]));
  return rules.map(securityGroupRule).map((rule) => ({ ...rule, standardAttrId: rule.standardAttrId || (numbers.get(rule.id) ?? 0) }));
}

function securityGroupRule(record: AnswerRecord): ApiSecurityGroupRule {
  return {
    id: record.text("id"),
    securityGroupId: record.text("security_group_id"),
    direction: record.text("direction"),
    ethertype: record.optionalText("ethertype") ?? "IPv4",
    protocol: record.optionalText("protocol"),
    portRangeMin: record.optionalInteger("port_range_min"),
    portRangeMax: record.optionalInteger("port_range_max"),
    remoteIpPrefix: record.optionalText("remote_ip_prefix"),
    remoteGroupId: record.optionalText("remote_group_id"),
    remoteAddressGroupId: record.optionalText("remote_address_group_id"),
    createdAt: record.optionalText("created_at") ?? "",
    standardAttrId: record.optionalInteger("standard_attr_id") ?? 0,
    record,
  };
}

function agent(record: AnswerRecord): ApiAgent {
  return {
    id: record.text("id"),
    host: record.text("host"),
    type: record.text("agent_type"),
    alive: record.boolean("alive", true),
    configurations: record.record("configurations") ?? record,
    record,
  };
}
