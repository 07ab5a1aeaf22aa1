import { expect, it } from "vitest";
import { InvariantError } from "../base/invariant.js";
import { printFailure } from "./failure.js";

function told(error: unknown, debug: boolean): { readonly code: number; readonly stderr: string } {
  let stderr = "";
  const stream = { write: (text: string) => (stderr += text) };
  const code = printFailure(error, { stdout: stream, stderr: stream, env: {}, cwd: "/" }, debug);
  return { code, stderr };
}

it("tells of a bug of dvrc's with exit code 3 and without a stack", () => {
  const { code, stderr } = told(new InvariantError("host a is missing"), false);
  expect(code).toBe(3);
  expect(stderr).toMatch(/^dvrc has a bug: host a is missing\n/);
  expect(stderr).toContain("--debug");
  expect(stderr).not.toMatch(/\n\s+at /);
});

it("adds the stack with --debug", () => {
  expect(told(new TypeError("x is undefined"), true).stderr).toMatch(/^dvrc has a bug: TypeError: x is undefined\n[^]*\n\s+at /);
});

it("takes what the system refuses for trouble, not for a bug", () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
    path: "/tree/file",
  });
  expect(told(error, false)).toEqual({
    code: 2,
    stderr: 'error DVRC6058 system-refused: "/tree/file" cannot be used: no space left on the device.\n',
  });
});

it("takes memory that is used up for trouble, and says how to have more", () => {
  const error = Object.assign(new Error("Worker terminated due to reaching memory limit"), { code: "ERR_WORKER_OUT_OF_MEMORY" });
  expect(told(error, false)).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^error DVRC6068 .*\n {2}help: .*max-old-space-size/) as string,
  });
});

it("tells of what is thrown and is no error", () => {
  expect(told("oops", false)).toMatchObject({ code: 3, stderr: expect.stringContaining("dvrc has a bug: oops\n") as string });
});
