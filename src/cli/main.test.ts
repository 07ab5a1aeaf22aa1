import { expect, it } from "vitest";
import { runCli } from "../testing/run-cli.js";
import { registry } from "./registry.js";

const escape = "\u001b";

it("lists every command in its help", async () => {
  const { code, stdout } = await runCli(["--help"]);
  expect(code).toBe(0);
  for (const { name, summary } of registry) expect(stdout).toContain(`${name.padEnd(15)} ${summary}`);
});

it.each(registry.map(({ name }) => name))("prints help of %s with examples", async (name) => {
  const { code, stdout, stderr } = await runCli([name, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^Usage: dvrc ${name} `));
  expect(stdout).toMatch(/\nExamples:\n {2}\$ (?:source <\()?dvrc /);
});

it.each(["up", "exec", "status", "diff", "down"])("prints help of lab %s with what it does and examples", async (part) => {
  const { code, stdout } = await runCli(["lab", part, "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Usage: dvrc lab ${part} .*\\n\\n[A-Z].*\\.\\n`));
  expect(stdout).toContain(`\nExamples:\n  $ dvrc lab ${part}`);
});

it("prints a command's help by `help`, too", async () => {
  expect((await runCli(["help", "schema"])).stdout).toBe((await runCli(["schema", "--help"])).stdout);
});

it("answers no command with help on standard error and exit code 2", async () => {
  const { code, stdout, stderr } = await runCli([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("Usage: dvrc");
});

it("prints the version", async () => {
  expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: "0.0.0\n" });
});

it.each([
  [["bild"], "(Did you mean build?)"],
  [["schema", "--jsn"], "(Did you mean --json?)"],
  [["completion"], "missing required argument 'shell'"],
  [["completion", "tcsh"], "Allowed choices are bash, zsh, fish"],
  [["schema", "a", "b"], "too many arguments"],
])("refuses %j as wrong usage: exit code 2, and what is wrong", async (args, message) => {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("--help");
});

it("colours a terminal and nothing else", async () => {
  expect((await runCli(["--help"], { terminal: true })).stdout).toContain(escape);
  expect((await runCli(["--help"], { terminal: false })).stdout).not.toContain(escape);
});

it("obeys NO_COLOR, FORCE_COLOR and a dumb terminal", async () => {
  expect((await runCli(["--help"], { terminal: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(escape);
  expect((await runCli(["--help"], { terminal: true, env: { TERM: "dumb" } })).stdout).not.toContain(escape);
  expect((await runCli(["--help"], { terminal: false, env: { FORCE_COLOR: "1" } })).stdout).toContain(escape);
});
