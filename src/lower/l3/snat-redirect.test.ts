import { expect, it } from "vitest";
import { findRelease } from "../../releases/index.js";
import { defined } from "../../base/invariant.js";
import { cidr } from "../../testing/host-view.js";
import { aHostRouter, aRouter, aSubnettedNetwork } from "../../testing/router-view.js";
import { redirectIndex, snatRedirects } from "./snat-redirect.js";

const release = defined(findRelease("zed"), "release");

it("numbers an IPv4 redirect by the interface's address, not its network's", () => {
  expect(redirectIndex(cidr("192.0.2.1/24"))).toBe(3221225985);
  expect(redirectIndex(cidr("0.0.1.0/16"))).toBe(256);
});

it("folds the checksum of an IPv6 interface address to 30 bits", () => {
  // Computed with Python's binascii.crc32.
  expect(redirectIndex(cidr("2001:db8:1::1/64"))).toBe(1043523879);
  expect(redirectIndex(cidr("fd00:7::1/64"))).toBe(1054999432);
});

it("keeps the host bits in the rule and leads its table to the SNAT port of the subnet", () => {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  const external = aSubnettedNetwork("out", [["198.51.100.0/24", "198.51.100.1"]], { external: true });
  const router = aHostRouter(
    aRouter("r", { interfaces: [[network, ["192.0.2.1"], ["192.0.2.77"]]], gateway: [external, ["198.51.100.9"]] }),
  );
  const { rules, routes, sysctls } = snatRedirects(router, release);
  expect(rules).toMatchObject([{ priority: 3221225985, from: "192.0.2.1/24", lookup: 3221225985 }]);
  expect(routes).toMatchObject([{ table: 3221225985, destination: "default", nextHops: [{ via: "192.0.2.77" }], protocol: "static" }]);
  expect(sysctls).toMatchObject([{ key: `net.ipv4.conf.${router.interfaces[0]?.wired.device ?? ""}.send_redirects`, value: "0" }]);
});

it("redirects nothing without a gateway", () => {
  const network = aSubnettedNetwork("blue", [["192.0.2.0/24", "192.0.2.1"]]);
  const router = aHostRouter(aRouter("r", { interfaces: [[network, ["192.0.2.1"]]] }));
  expect(snatRedirects(router, release)).toEqual({ rules: [], rules6: [], routes: [], routes6: [], sysctls: [] });
});

it("redirects each version to the SNAT address of the same version", () => {
  const network = aSubnettedNetwork("dual", [
    ["192.0.2.0/24", "192.0.2.1"],
    ["2001:db8:1::/64", "2001:db8:1::1"],
  ]);
  const external = aSubnettedNetwork("out", [["198.51.100.0/24", "198.51.100.1"]], { external: true });
  const interfaces = [[network, ["192.0.2.1", "2001:db8:1::1"], ["192.0.2.9", "2001:db8:1::9"]]] as const;
  const { rules6, routes6, routes } = snatRedirects(
    aHostRouter(aRouter("r", { interfaces, gateway: [external, ["198.51.100.9"]] })),
    release,
  );
  expect(rules6).toMatchObject([{ priority: 1043523879, from: "2001:db8:1::1/64" }]);
  expect(routes6).toMatchObject([{ nextHops: [{ via: "2001:db8:1::9" }], metric: 1024 }]);
  expect(routes).toHaveLength(1);
});
