import { present } from "../../base/present.js";
import type { AddressPairDocument, PortDocument } from "../../dsl/types.generated.js";
import type { AddressPairDeclaration, PortDeclaration, Reference } from "../../model/topology.js";
import type { Mac } from "../../net/mac.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import { sentence } from "../describe.js";
import { complain, type DeclareContext } from "./context.js";
import { declareFixedIps, isEmpty, wishesOf } from "./fixed-ips.js";
import { referGroup } from "./group-references.js";
import { refer } from "./references.js";
import { declareResource } from "./resource.js";
import { declareMac, declarePrefix } from "./values.js";

/** A port of the `ports` section. Errors: undefined, and a complaint, where its network is not declared. */
export function declarePort(context: DeclareContext, key: string, input: PortDocument): PortDeclaration | undefined {
  const pointer = pointerTo("/ports", key);
  const owner = `port "${key}"`;
  const resource = declareResource(context, input, key, pointer, owner);
  const network = refer(context, "network", input.network, pointerTo(pointer, "network"), `Port "${key}"`);
  const host = input.host === undefined ? undefined : refer(context, "host", input.host, pointerTo(pointer, "host"), `Port "${key}"`);
  const { allowedAddressPairs, ...parts } = declarePortParts(context, input, pointer, owner, resource.projectId);
  if (network === undefined) return undefined;
  return {
    ...resource,
    allowedAddressPairs,
    network,
    fixedIps: declareFixedIps(context, network.key, wishesOf(input.fixed_ips, pointerTo(pointer, "fixed_ips")), owner),
    deviceOwner: input.device_owner ?? "",
    adminStateUp: input.admin_state_up ?? true,
    ...present({ ...parts, host, withoutFixedIps: isEmpty(input.fixed_ips) }),
  };
}

/** What a port of the `ports` section and one of a server's `networks` are written alike in. */
export interface PortPartsDocument {
  readonly mac_address?: string;
  readonly allowed_address_pairs?: readonly AddressPairDocument[];
  readonly port_security_enabled?: boolean;
  readonly security_groups?: readonly string[];
}

interface PortParts {
  readonly allowedAddressPairs: readonly AddressPairDeclaration[];
  readonly mac: Mac | undefined;
  readonly portSecurityEnabled: boolean | undefined;
  readonly securityGroups: readonly Reference[] | undefined;
}

/** MAC, address pairs, port security and groups of a port. */
export function declarePortParts(
  context: DeclareContext,
  input: PortPartsDocument,
  pointer: Pointer,
  owner: string,
  projectId: string,
): PortParts {
  const { mac_address: text, allowed_address_pairs: pairs, security_groups: groups } = input;
  const at = (member: string): Pointer => pointerTo(pointer, member);
  return {
    allowedAddressPairs: pairs === undefined ? [] : declarePairs(context, pairs, at("allowed_address_pairs"), owner),
    mac: text === undefined ? undefined : declareMac(context, { text, pointer: at("mac_address"), attribute: "MAC address", owner }),
    portSecurityEnabled: input.port_security_enabled,
    securityGroups: groups === undefined ? undefined : declareGroupList(context, groups, at("security_groups"), owner, projectId),
  };
}

/** A list of security groups; one that is not declared, or named before, is left out with a complaint. Undefined where there is no list. */
export function declareGroupList(
  context: DeclareContext,
  names: readonly string[] | undefined,
  pointer: Pointer,
  owner: string,
  projectId: string,
): readonly Reference[] | undefined {
  const seen = new Set<string>();
  return names?.flatMap((name, index) => {
    const at = pointerTo(pointer, index);
    const group = referGroup(context, name, projectId, at, sentence(owner));
    if (group === undefined) return [];
    if (seen.has(group.key)) {
      complain(context, at, "duplicate-reference", { owner: sentence(owner), kind: "security group", name });
      return [];
    }
    seen.add(group.key);
    return [group];
  });
}

function declarePairs(
  context: DeclareContext,
  pairs: readonly AddressPairDocument[],
  pointer: Pointer,
  owner: string,
): readonly AddressPairDeclaration[] {
  return pairs.flatMap((pair, index) => {
    const at = pointerTo(pointer, index);
    const address = { text: pair.ip_address, pointer: pointerTo(at, "ip_address"), attribute: "Allowed address", owner };
    const ipAddress = declarePrefix(context, address);
    const mac =
      pair.mac_address === undefined
        ? undefined
        : declareMac(context, { text: pair.mac_address, pointer: pointerTo(at, "mac_address"), attribute: "Allowed MAC address", owner });
    return ipAddress === undefined ? [] : [{ pointer: at, ipAddress, ...present({ mac }) }];
  });
}
