import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { runCli } from "../../testing/run-cli.js";
import { registry } from "../registry.js";

const commands = registry.map(({ name }) => name);

/** What bash offers for the words of a line, the last of which is being typed. */
async function bashOffers(...words: readonly string[]): Promise<string[]> {
  const { stdout: script } = await runCli(["completion", "bash"]);
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dvrc; printf "%s\\n" "${COMPREPLY[@]}"';
  const offered = execFileSync("bash", ["-c", `${script}\n${ask}`, "bash", "dvrc", ...words], { encoding: "utf8" });
  return offered.split("\n").filter((word) => word !== "");
}

it("offers the commands in bash", async () => {
  expect(await bashOffers("")).toEqual(commands);
  expect(await bashOffers("comp")).toEqual(["completion"]);
});

it("offers a command's options in bash", async () => {
  expect(await bashOffers("schema", "--j")).toEqual(["--json"]);
  expect(await bashOffers("--debug", "schema", "--j")).toEqual(["--json"]);
});

it("offers an option of several subcommands once", async () => {
  expect(await bashOffers("lab", "up", "--")).toEqual(["--release", "--name", "--json", "--help", "--debug"]);
});

it("offers fixed words in bash, and leaves files to readline", async () => {
  expect(await bashOffers("completion", "")).toEqual(["bash", "zsh", "fish"]);
  expect(await bashOffers("completion", "zsh", "")).toEqual([]);
});

it.each(["zsh", "fish"])("names every command and its options for %s", async (shell) => {
  const { code, stdout } = await runCli(["completion", shell]);
  expect(code).toBe(0);
  for (const { name, summary } of registry) {
    expect(stdout).toContain(name);
    expect(stdout.replaceAll("'\\''", "'").replaceAll("\\'", "'")).toContain(summary);
  }
  expect(stdout).toContain("json");
});
