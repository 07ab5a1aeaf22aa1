import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, it } from "vitest";
import { run } from "../../src/lab/processes.js";
import { makeProgram } from "./dvrc-program.js";

it("prints what the README's section on the lab shows", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dvrc-readme-lab-")));
  const path = `PATH=${await makeProgram(folder)}:${process.env["PATH"] ?? ""}`;
  const inFolder = async (command: string): Promise<string> =>
    (await run("env", ["-C", folder, path, "NO_COLOR=1", "bash", "-c", `exec 2>&1; ${command}`])).stdout;
  cpSync("examples", join(folder, "examples"), { recursive: true });
  try {
    const blocks = consoleBlocks(readFileSync("README.md", "utf8"));
    expect(blocks).toHaveLength(2);
    for (const block of blocks) {
      let printed = "";
      for (const line of block.split("\n").filter((line) => line.startsWith("$ "))) printed += `${line}\n${await inFolder(line.slice(2))}`;
      expect(settled(printed)).toBe(settled(block));
    }
  } finally {
    await inFolder("dvrc lab down examples/os-dvr/topology.yaml");
    rmSync(folder, { recursive: true });
  }
});

function consoleBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```console lab\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}

/** Without times, and without the lab's id, which follows from the folder. */
function settled(text: string): string {
  return text
    .replaceAll(/\d+\.\d+ s$/gm, "a moment")
    .replaceAll(/\d+\.\d{3}(?= ms|\/)/g, "0")
    .replaceAll(/(?<=lab )[0-9a-f]{8}|(?<=\()[0-9a-f]{8}(?=\)$)/gm, "0");
}
