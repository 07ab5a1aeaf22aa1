import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import type { Namespace } from "../../ir/namespace.js";
import { findRelease } from "../../releases/index.js";
import { aHost, aHostView } from "../../testing/host-view.js";
import { chainLines, namespaceLines } from "../../testing/namespace-lines.js";
import { aFloatingIp, aHostRouter, aNetworkPort, aRouter, aSubnettedNetwork } from "../../testing/router-view.js";
import { lowerCentralisedRouter } from "./centralised.js";

const release = defined(findRelease("zed"), "release");
const host = aHost("n1", "10.255.0.1");

function lowered(gateway: boolean): { readonly namespace: Namespace; readonly qr: string; readonly qg: string } {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  const external = aSubnettedNetwork("out", [["198.51.100.0/24", "198.51.100.1"]], { external: true, mtu: 1500 });
  const router = aRouter("r", {
    distributed: false,
    interfaces: [[network, ["192.0.2.1"]]],
    ...(gateway ? { gateway: [external, ["198.51.100.9"]] as const } : {}),
    routes: [["10.9.0.0/16", "198.51.100.200"]],
  });
  const port = aNetworkPort(network, "machine", ["192.0.2.10"], { host });
  const floatingIps = gateway ? [aFloatingIp("198.51.100.50", router, port)] : [];
  const hostRouter = aHostRouter(router, { floatingIps });
  const qr = defined(hostRouter.interfaces[0], "interface").wired.device;
  const namespace = lowerCentralisedRouter(aHostView(host, { routers: [hostRouter] }), hostRouter, release);
  return { namespace, qr, qg: hostRouter.gateway?.device ?? "" };
}

const chain = (namespace: Namespace, name: string): readonly string[] | undefined =>
  chainLines(namespace.iptables, "nat", `neutron-l3-agent-${name}`);

it("holds gateway, floating IPs and extra routes in one namespace", () => {
  const { namespace, qr, qg } = lowered(true);
  expect(
    namespace.devices
      .at(-1)
      ?.addresses.map(({ cidr }) => cidr)
      .slice(0, 2),
  ).toEqual(["198.51.100.9/24", "198.51.100.50/32"]);
  expect(namespaceLines(namespace).routes).toEqual([
    `default via 198.51.100.1 dev ${qg} proto static`,
    `10.9.0.0/16 via 198.51.100.200 dev ${qg} proto static`,
    `192.0.2.0/24 dev ${qr} proto kernel scope link src 192.0.2.1`,
    `198.51.100.0/24 dev ${qg} proto kernel scope link src 198.51.100.9`,
  ]);
  expect(namespaceLines(namespace).rules).toHaveLength(3);
  expect(namespace.neighbours).toEqual([]);
});

it("translates floating IPs wherever they come in, and first", () => {
  const { namespace, qg } = lowered(true);
  expect(chain(namespace, "PREROUTING")?.at(-1)).toBe("-d 198.51.100.50/32 -j DNAT --to-destination 192.0.2.10");
  expect(chain(namespace, "OUTPUT")).toEqual(["-d 198.51.100.50/32 -j DNAT --to-destination 192.0.2.10"]);
  expect(chain(namespace, "snat")?.slice(0, 2)).toEqual([
    "-j neutron-l3-agent-float-snat",
    `-o ${qg} -j SNAT --to-source 198.51.100.9 --random-fully`,
  ]);
});

it("leaves out the route that it cannot reach, and NAT, without a gateway", () => {
  const { namespace, qr } = lowered(false);
  expect(namespaceLines(namespace).routes).toEqual([`192.0.2.0/24 dev ${qr} proto kernel scope link src 192.0.2.1`]);
  expect(chain(namespace, "snat")).toEqual(["-j neutron-l3-agent-float-snat"]);
  expect(chain(namespace, "POSTROUTING")).toEqual([]);
});
