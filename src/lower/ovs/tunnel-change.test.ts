import { expect, it } from "vitest";
import { defined } from "../../base/invariant.js";
import { editFlows } from "../../formats/openflow/edit.js";
import { printFlows } from "../../formats/openflow/print.js";
import type { FlowChange } from "../../ir/flow.js";
import type { HostNetwork, HostView } from "../../model/host-view.js";
import { isSame } from "../../model/same.js";
import { findRelease } from "../../releases/index.js";
import { aHost, aHostNetwork, aHostView, aNetwork, aPort, aSubnet, aTunnel } from "../../testing/host-view.js";
import { type BridgePlan, planBridges } from "./lower-bridges.js";

const [beta, gamma] = [aHost("beta", "192.0.2.2"), aHost("gamma", "192.0.2.3")];
const host = aHost("alpha", "192.0.2.1");
const [toBeta, toGamma] = [aTunnel(host, beta, 2), aTunnel(host, gamma, 3)];
const red = aNetwork("red", "vxlan", { segmentationId: 500 });
const blue = aNetwork("blue", "vxlan", { segmentationId: 501 });
const subnet = aSubnet(red, "sub", "10.20.0.0/24", "10.20.0.1");
const near = { port: aPort("near", "fa:16:3e:00:02:01", [[subnet, "10.20.0.8"]]), tunnel: toBeta };
const far = { port: aPort("far", "fa:16:3e:00:02:02", [[subnet, "10.20.0.9"]]), tunnel: toGamma };
const stays = aHostNetwork(blue, 8);

function plan(networks: readonly HostNetwork[], parts: Partial<HostView> = {}): BridgePlan {
  const view = aHostView(host, { tunnels: [toBeta, toGamma], networks, ...parts });
  return defined(planBridges(view, defined(findRelease("zed"), "zed"))[1], "br-tun");
}

const resources: ReadonlySet<object> = new Set([red, blue, subnet, host, beta, gamma, near.port, far.port]);
const same = (a: unknown, b: unknown): boolean => isSame(a, b, (_, now) => (resources.has(now) ? false : undefined));
const edited = (before: BridgePlan, change: FlowChange): string =>
  Buffer.concat(editFlows(Buffer.from(printFlows(before.lower().flows)), change) ?? []).toString();
const changeOf = (before: BridgePlan, now: BridgePlan) => now.change?.(before.slice, same);

it.each([
  ["comes", [near], [near, far]],
  ["goes", [near, far], [far]],
  ["is behind another tunnel", [near], [{ ...near, tunnel: toGamma }]],
])("tells what flows differ where a port %s", (_, then, now) => {
  const before = plan([aHostNetwork(red, 7, { remotePorts: then, floodTo: [toBeta] }), stays]);
  const after = plan([aHostNetwork(red, 7, { remotePorts: now, floodTo: [toBeta, toGamma] }), { ...stays }]);
  const change = defined(changeOf(before, after), "change");
  expect(edited(before, change)).toBe(printFlows(after.lower().flows));
  expect(change.come.every(({ match }) => match.vlanVid !== 8 && match.tunId !== 501)).toBe(true);
});

it("tells of a network that comes and of one that goes", () => {
  const [before, after] = [plan([aHostNetwork(red, 7, { remotePorts: [near] })]), plan([stays])];
  expect(edited(before, defined(changeOf(before, after), "change"))).toBe(printFlows(after.lower().flows));
});

it("does not know what differs besides networks, or where networks share a key", () => {
  const networks = [aHostNetwork(red, 7)];
  expect(changeOf(plan(networks), plan(networks, { tunnels: [toBeta] } as Partial<HostView>))).toBeUndefined();
  expect(changeOf(plan(networks), plan([...networks, aHostNetwork(red, 9)]))).toBeUndefined();
  expect(plan(networks).change?.({ host }, same)).toBeUndefined();
});
