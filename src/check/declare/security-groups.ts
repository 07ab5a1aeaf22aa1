import { present } from "../../base/present.js";
import type { AddressGroupDocument, SecurityGroupDocument, SecurityGroupRuleDocument } from "../../dsl/types.generated.js";
import type { AddressGroupDeclaration, SecurityGroupDeclaration, SecurityGroupRuleDeclaration } from "../../model/topology.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { clause, sentence } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";
import { defaultGroupKey, projectOfDefault, referGroup } from "./group-references.js";
import { refer } from "./references.js";
import { declareResource } from "./resource.js";
import { declarePrefix, declareUuid } from "./values.js";

const ethertypes = ["IPv4", "IPv6"] as const;

/** A security group with the rules that it starts with and the declared ones after them. */
export function declareSecurityGroup(context: DeclareContext, key: string, input: SecurityGroupDocument): SecurityGroupDeclaration {
  const pointer = pointerTo("/security_groups", key);
  const project = projectOfDefault(context, key, input.project_id);
  const resource = declareResource(context, input, key, pointer, `security group "${key}"`);
  const projectId = project ?? resource.projectId;
  const own = (input.rules ?? []).map((rule, index) =>
    declareRule(context, rule, pointerTo(pointer, "rules", index), `rule ${index} of security group "${key}"`, projectId),
  );
  const stateful = input.stateful ?? true;
  if (project !== undefined) {
    const group = undeclaredDefaultGroup(context, project, pointer);
    const rules = (input.default_rules ?? true) ? group.rules : [];
    return { ...group, ...present({ id: resource.id }), stateful, rules: [...rules, ...own] };
  }
  return { ...resource, isDefault: false, stateful, rules: [...((input.default_rules ?? true) ? egressRules(pointer) : []), ...own] };
}

/** An address group; an address that is given twice counts once. Source: Neutron `AddressGroupDbMixin._process_requested_addresses`. */
export function declareAddressGroup(context: DeclareContext, key: string, input: AddressGroupDocument): AddressGroupDeclaration {
  const pointer = pointerTo("/address_groups", key);
  const owner = `address group "${key}"`;
  const addresses = input.addresses.flatMap(
    (text, index) => declarePrefix(context, { text, pointer: pointerTo(pointer, "addresses", index), attribute: "Address", owner }) ?? [],
  );
  return { ...declareResource(context, input, key, pointer, owner), addresses: [...new Set(addresses)] };
}

/**
 * The `default` group of a project that declares nothing for it: egress to everywhere, ingress from its own members.
 *
 * Order: as Neutron creates the rules, for each kind of packet ingress first.
 * Source: Neutron `SecurityGroupDbMixin.create_security_group` with `default_sg`.
 */
export function undeclaredDefaultGroup(context: DeclareContext, projectId: string, pointer: Pointer): SecurityGroupDeclaration {
  const key = defaultGroupKey(context, projectId);
  const rules = egressRules(pointer).flatMap((egress): SecurityGroupRuleDeclaration[] => [
    { pointer, direction: "ingress", ethertype: egress.ethertype, remoteGroup: { key, pointer } },
    egress,
  ]);
  return { key, name: "default", pointer, projectId, isDefault: true, stateful: true, rules };
}

/** The rules of every new group. Source: as above. */
function egressRules(pointer: Pointer): readonly SecurityGroupRuleDeclaration[] {
  return ethertypes.map((ethertype) => ({ pointer, direction: "egress", ethertype }));
}

/** The other side of a rule's connections, of which it has one. Source: Neutron `_validate_security_group_rule`. */
const remotes = ["remote_ip_prefix", "remote_group", "remote_address_group"] as const;

function declareRule(
  context: DeclareContext,
  input: SecurityGroupRuleDocument,
  pointer: Pointer,
  owner: string,
  projectId: string,
): SecurityGroupRuleDeclaration {
  const ethertype = input.ethertype ?? "IPv4";
  const written = (text: string, attribute: string, key: string) => ({ text, pointer: pointerTo(pointer, key), attribute, owner });
  const { remote_ip_prefix: prefix, remote_group: group, remote_address_group: block } = input;
  const capital = sentence(owner);
  const [first, second] = remotes.filter((attribute) => input[attribute] !== undefined);
  if (first !== undefined && second !== undefined)
    complain(context, pointerTo(pointer, second), "excluding-attributes", { owner: capital, first, second }, { part: "key" });
  return {
    pointer,
    direction: input.direction ?? "ingress",
    ethertype,
    ...present({
      id: input.id === undefined ? undefined : declareUuid(context, written(input.id, "Id", "id")),
      protocol: canonicalProtocol(context, input.protocol, ethertype),
      remoteIpPrefix: prefix === undefined ? undefined : declarePrefix(context, written(prefix, "Remote prefix", "remote_ip_prefix")),
      remoteGroup: group === undefined ? undefined : referGroup(context, group, projectId, pointerTo(pointer, "remote_group"), capital),
      remoteAddressGroup:
        block === undefined ? undefined : refer(context, "address-group", block, pointerTo(pointer, "remote_address_group"), capital),
    }),
    ...declarePorts(context, input, pointer, capital),
  };
}

/**
 * The protocol as the server stores it: lower case, `any` as none, ICMP of IPv6 rules by its own name or number where the release does so.
 *
 * Source: Neutron `convert_protocol`, `_make_canonical_ipv6_icmp_protocol`.
 */
function canonicalProtocol(context: DeclareContext, protocol: string | number | undefined, ethertype: "IPv4" | "IPv6"): string | undefined {
  if (protocol === undefined) return undefined;
  const text = String(protocol).toLowerCase();
  if (text === "any") return undefined;
  if (ethertype === "IPv4" || !context.release.features.has("icmpv6-by-own-name")) return text;
  if (text === "icmp" || text === "icmpv6") return "ipv6-icmp";
  return text === "1" ? "58" : text;
}

function declarePorts(
  context: DeclareContext,
  input: SecurityGroupRuleDocument,
  pointer: Pointer,
  owner: string,
): { readonly portRangeMin?: number; readonly portRangeMax?: number } {
  const at = pointerTo(pointer, "port");
  const full = present({ portRangeMin: input.port_range_min, portRangeMax: input.port_range_max });
  const [long] = Object.keys(full);
  if (input.port !== undefined && long !== undefined) {
    const second = long === "portRangeMin" ? "port_range_min" : "port_range_max";
    complain(context, at, "excluding-attributes", { owner, first: "port", second }, { part: "key" });
  }
  const range = input.port === undefined ? full : rangeOf(input.port);
  if (range === undefined) {
    complain(context, at, "bad-port-range", { owner: clause(owner), text: String(input.port) });
    return {};
  }
  const everything = range.portRangeMin === 1 && range.portRangeMax === 65535;
  return everything && context.release.features.has("full-port-range-is-any") ? {} : range;
}

function rangeOf(port: number | string): { readonly portRangeMin: number; readonly portRangeMax: number } | undefined {
  const match = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(String(port));
  if (match === null) return undefined;
  const first = Number(match[1]);
  return { portRangeMin: first, portRangeMax: match[2] === undefined ? first : Number(match[2]) };
}
