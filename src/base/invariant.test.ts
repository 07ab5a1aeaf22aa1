import { expect, it } from "vitest";
import { defined, during, invariant, InvariantError } from "./invariant.js";

const failing = (error: Error) => (): never => {
  throw error;
};

it("says what was being done when a bug shows", () => {
  const nested = (): unknown => during("host a", () => during("br-tun", () => defined(undefined, "the tunnel")));
  expect(nested).toThrow(new InvariantError("host a: br-tun: the tunnel is missing"));
  expect(() => during("host a", () => invariant(true, "never"))).not.toThrow();
  expect(() => during("host a", failing(new TypeError("x is undefined")))).toThrow(new TypeError("host a: x is undefined"));
});

it("leaves what the system refuses as it is", () => {
  const refused = Object.assign(new Error("ENOSPC: no space left on device"), { syscall: "write" });
  expect(() => during("host a", failing(refused))).toThrow("ENOSPC: no space left on device");
  expect(refused.message).toBe("ENOSPC: no space left on device");
});
