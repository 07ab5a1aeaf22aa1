import { expect, it } from "vitest";
import { ip } from "../../testing/host-view.js";
import { coveringAddresses } from "./cables.js";

it("covers tunnel addresses of the other half of all addresses", () => {
  expect(coveringAddresses(ip("10.0.0.1"), [ip("10.0.0.2"), ip("127.1.1.1")])).toEqual([]);
  expect(coveringAddresses(ip("10.0.0.1"), [ip("192.0.2.1")])).toEqual(["128.0.0.1/1"]);
  expect(coveringAddresses(ip("192.0.2.1"), [ip("10.0.0.1")])).toEqual(["1.0.0.1/1"]);
  expect(coveringAddresses(ip("2001:db8::1"), [ip("fd00::1")])).toEqual(["fc00::1/1"]);
});
