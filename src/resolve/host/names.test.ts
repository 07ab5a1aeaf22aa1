import { expect, it } from "vitest";
import type { Ip } from "../../net/ip.js";
import { blake2b160 } from "./blake2b.js";
import { deviceName, patchName, tunnelName } from "./names.js";

it("digests a text as BLAKE2b with 20 octets does", () => {
  expect(Buffer.from(blake2b160("2001:db8::1")).toString("hex")).toBe("bcb193c91ca15b924e057eadeaad0c4ad78c2090");
});

it("names a tunnel after the IPv4 address of its other end", () => {
  expect(tunnelName("vxlan", "192.0.2.17" as Ip, "sha1")).toBe("vxlan-c0000211");
});

it("names a tunnel to an IPv6 address by a digest cut to 15 characters", () => {
  expect(tunnelName("geneve", "2001:db8::1" as Ip, "blake2b-160")).toBe("geneve-xsyzhsi4");
  expect(tunnelName("gre", "2001:db8::1" as Ip, "sha1")).toHaveLength(15);
});

it("cuts device names at 14 characters", () => {
  expect(deviceName("qr-", "01234567-89ab-4def-8000-000000000000")).toBe("qr-01234567-89");
});

it("shortens patch ports of bridges with long names", () => {
  expect(patchName("int-", "br-datacentre")).toBe("int-br-dafddec1");
  expect(patchName("phy-", "br-provider")).toBe("phy-br-provider");
});
