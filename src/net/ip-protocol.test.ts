import { expect, it } from "vitest";
import { ipProtocolNumber } from "./ip-protocol.js";

it("knows keywords and numbers", () => {
  expect(["tcp", "ipv6-icmp", "icmpv6", "112", "0", "255"].map(ipProtocolNumber)).toEqual([6, 58, 58, 112, 0, 255]);
});

it("knows nothing else", () => {
  expect(["any", "256", "-1", "TCP", "__proto__", ""].map(ipProtocolNumber)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
