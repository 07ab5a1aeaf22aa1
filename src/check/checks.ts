import { checkAddressPairs } from "./checks/address-pairs.js";
import { checkAddressScopes } from "./checks/address-scopes.js";
import { checkAgentModes } from "./checks/agent-modes.js";
import { checkAllocationPools } from "./checks/allocation-pools.js";
import { checkCarriedNetworks } from "./checks/carried-networks.js";
import { checkDeviceNames } from "./checks/device-names.js";
import { checkDhcpHosts } from "./checks/dhcp-hosts.js";
import { checkDuplicateIds } from "./checks/duplicate-ids.js";
import { checkDuplicateRules } from "./checks/duplicate-rules.js";
import { checkExternalNetworks } from "./checks/external-networks.js";
import { checkFloatingAgentGateways } from "./checks/floating-agent-gateways.js";
import { checkFloatingIpHosts } from "./checks/floating-ip-hosts.js";
import { checkFloatingIpTargets } from "./checks/floating-ip-targets.js";
import { checkGateways } from "./checks/gateways.js";
import { checkHostIdentities } from "./checks/host-identities.js";
import { checkHostNames } from "./checks/host-names.js";
import { checkHostsWithoutRouter } from "./checks/hosts-without-router.js";
import { checkIpv6Modes } from "./checks/ipv6-modes.js";
import { checkMacAddresses } from "./checks/mac-addresses.js";
import { checkMtu } from "./checks/mtu.js";
import { checkNetworkSegments } from "./checks/network-segments.js";
import { checkOverlappingSubnets } from "./checks/overlapping-subnets.js";
import { checkPassedOverAddressGroups } from "./checks/passed-over-address-groups.js";
import { checkPhysicalNetworks } from "./checks/physical-networks.js";
import { checkPinnedAddresses } from "./checks/pinned-addresses.js";
import { checkPortSecurity } from "./checks/port-security.js";
import { checkRouterAddresses } from "./checks/router-addresses.js";
import { checkRouterHosts } from "./checks/router-hosts.js";
import { checkRouterRoutes } from "./checks/router-routes.js";
import { checkRouterSubnets } from "./checks/router-subnets.js";
import { checkSecurityGroupNames } from "./checks/security-group-names.js";
import { checkSecurityGroupReleases } from "./checks/security-group-releases.js";
import { checkSecurityGroupRules } from "./checks/security-group-rules.js";
import { checkSegmentCollisions } from "./checks/segment-collisions.js";
import { checkServerPlacement } from "./checks/server-placement.js";
import { checkServiceTypes } from "./checks/service-types.js";
import { checkSingleSnatHost } from "./checks/single-snat-host.js";
import { checkStatelessGroups } from "./checks/stateless-groups.js";
import { checkSubnetPrefixes } from "./checks/subnet-prefixes.js";
import { checkTakenPorts } from "./checks/taken-ports.js";
import { checkTrackedStatelessGroups } from "./checks/tracked-stateless-groups.js";
import { checkZones } from "./checks/zones.js";
import type { Check } from "./context.js";

/** Every check of a topology, from its hosts to its rules. Order does not matter: diagnostics are printed by place. */
export const checks: readonly Check[] = [
  checkHostNames,
  checkDeviceNames,
  checkHostIdentities,
  checkAgentModes,
  checkZones,
  checkNetworkSegments,
  checkSegmentCollisions,
  checkPhysicalNetworks,
  checkMtu,
  checkAddressScopes,
  checkSubnetPrefixes,
  checkOverlappingSubnets,
  checkGateways,
  checkAllocationPools,
  checkIpv6Modes,
  checkRouterSubnets,
  checkRouterAddresses,
  checkRouterRoutes,
  checkRouterHosts,
  checkExternalNetworks,
  checkServerPlacement,
  checkCarriedNetworks,
  checkHostsWithoutRouter,
  checkDhcpHosts,
  checkPinnedAddresses,
  checkMacAddresses,
  checkTakenPorts,
  checkAddressPairs,
  checkPortSecurity,
  checkServiceTypes,
  checkFloatingIpTargets,
  checkFloatingIpHosts,
  checkSecurityGroupNames,
  checkSecurityGroupRules,
  checkSecurityGroupReleases,
  checkStatelessGroups,
  checkDuplicateRules,
  checkDuplicateIds,
  checkFloatingAgentGateways,
  checkSingleSnatHost,
  checkPassedOverAddressGroups,
  checkTrackedStatelessGroups,
];
