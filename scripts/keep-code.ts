import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Runs a command of dist as `bin/dvrc.js` does, and keeps V8's code of what ran. */
const script = `
  const { load, keepCode } = require(${JSON.stringify(join(process.cwd(), "bin/load.js"))});
  const { runProcess } = load(${JSON.stringify(join(process.cwd(), "dist/cli/main.js"))});
  void runProcess(process.argv.slice(1)).then((status) => (status > 1 ? (process.exitCode = status) : keepCode()));
`;

/**
 * Runs each larger command once, so that V8's code of the functions that it called is kept beside the files of dist.
 *
 * The code is that of this Node.js alone; others compile the files as ever. Errors: throws what a command prints that fails.
 */
export async function keepCode(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-code-"));
  const [yaml, typescript, tree] = ["examples/os-dvr/topology.yaml", "examples/os-dvr/topology.ts", join(folder, "tree")];
  try {
    // One after another where a file of the first is the next one's, too.
    await run("build", yaml, "--frozen", "-o", tree);
    await run("build", typescript, "--frozen", "-o", join(folder, "typescript"));
    await Promise.all([
      run("check", yaml),
      run("trace", yaml, "VM1", "VM2"),
      run("exec", yaml, "VM1", "--", "ping -c 1 VM2"),
      run("explain", join(tree, "compute-2/br-tun.flows:1")),
      run("diff", yaml, tree),
      run("replay", yaml, "golden/os-dvr/runbook.md"),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ["-e", script, ...args], { maxBuffer: 2 ** 26 });
}
