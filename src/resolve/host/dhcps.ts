import { by, byText, sorted } from "../../base/order.js";
import type { HostDhcp, WiredPort } from "../../model/host-view.js";
import type { Ip, IpVersion } from "../../net/ip.js";
import type { HostChoices } from "./choices.js";
import type { Wiring } from "./wiring.js";

/**
 * The DHCP namespaces of the host.
 *
 * Of several subnets of a version the first by id gives the default gateway, once the agent has heard of them all.
 * Source: Neutron `DhcpRpcCallback._get_network_info`, which sorts them; `DeviceManager._set_default_route`.
 */
export function hostDhcps(choices: HostChoices, wiring: Wiring): HostDhcp[] {
  return wiring.ports
    .filter(({ port }) => port.deviceOwner === "network:dhcp")
    .map((wired) => {
      const defaultGateway4 = dhcpGateway(choices, wired, 4);
      const defaultGateway6 = dhcpGateway(choices, wired, 6);
      return {
        network: wired.port.network,
        wired,
        ...(defaultGateway4 === undefined ? {} : { defaultGateway4 }),
        ...(defaultGateway6 === undefined ? {} : { defaultGateway6 }),
      };
    });
}

function dhcpGateway(choices: HostChoices, { port }: WiredPort, version: IpVersion): Ip | undefined {
  const subnets = sorted(
    port.network.subnets.filter((subnet) => subnet.version === version && subnet.enableDhcp && subnet.gatewayIp !== undefined),
    by(({ id }) => id, byText),
  );
  const [first] = subnets;
  if (first === undefined || subnets.length === 1) return first?.gatewayIp;
  const keys = subnets.map(({ key }) => key);
  const chosen = choices.chooseName("dhcp_gateway", `${port.network.key}/${version}`, keys, first.key);
  return subnets.find(({ key }) => key === chosen)?.gatewayIp;
}
