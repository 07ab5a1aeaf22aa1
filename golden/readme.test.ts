import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { expect, it } from "vitest";

it("prints what the README's tour shows", () => {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-readme-"));
  cpSync("examples", join(folder, "examples"), { recursive: true });
  try {
    const shown = consoleBlocks(readFileSync("README.md", "utf8"));
    expect(shown.length).toBeGreaterThan(3);
    for (const block of shown) expect(untimed(replay(block, folder))).toBe(untimed(block));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function consoleBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}

/** The block as it comes out when its commands are run: each with what it prints, errors among it. */
function replay(block: string, cwd: string): string {
  const prelude = 'dvrc() { "$NODE" "$DVRC" "$@"; }\n';
  const env = { ...process.env, NODE: process.execPath, DVRC: resolve("bin/dvrc.js"), CI: "true", NO_COLOR: "1" };
  const commands = block.split("\n").filter((line) => line.startsWith("$ "));
  const printed = commands.map((command) => {
    const script = `${prelude}exec 2>&1\n${command.slice(2)} || true`;
    return `${command}\n${execFileSync("bash", ["-c", script], { cwd, env, encoding: "utf8" })}`;
  });
  return printed.join("");
}

function untimed(text: string): string {
  return text.replaceAll(/ in \d+\.\d\d s$/gm, " in a moment");
}
