import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { spawnSync } from "node:child_process";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";

let script = "";

beforeAll(async () => {
  const code = `
    import { standardStream } from "./standard-stream.js";
    const stream = standardStream(1, () => process.exit(7));
    for (let line = 0; line < 40000; line++) stream.write("é" + line + "\\n");
  `;
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
  });
  script = outputFiles[0]?.text ?? "";
});

const whole = Array.from({ length: 40000 }, (_, line) => `é${line}\n`).join("");

it("writes all of a long text to a pipe", () => {
  expect(spawnSync(process.execPath, ["-e", script], { encoding: "utf8", maxBuffer: 2 ** 20 }).stdout).toBe(whole);
});

it("writes all of a long text to a file", () => {
  const path = join(tmpdir(), `dvrc-stream-${process.pid}`);
  const file = openSync(path, "w");
  try {
    spawnSync(process.execPath, ["-e", script], { stdio: ["ignore", file, "inherit"] });
    expect(readFileSync(path, "utf8")).toBe(whole);
  } finally {
    closeSync(file);
    rmSync(path);
  }
});

/** What a shell prints whose `$0` is Node.js and `$1` the script. */
function shell(command: string): string {
  return spawnSync("sh", ["-c", command, process.execPath, script], { encoding: "utf8" }).stdout;
}

it("waits for a slow reader, also where the pipe itself does not wait", () => {
  const reader = "{ sleep 0.6; tail -n 1; }";
  // Killed, since Node.js would leave the pipe as it was.
  const hasty = 'new (require("net").Socket)({ fd: 1 }); process.kill(process.pid, "SIGKILL")';
  expect(shell(`"$0" -e "$1" | ${reader}`)).toBe("é39999\n");
  expect(shell(`{ "$0" -e '${hasty}'; "$0" -e "$1"; } | ${reader}`)).toBe("é39999\n");
});

it("says so where nobody reads any more", () => {
  expect(shell('exec 3>&1; { "$0" -e "$1"; echo $? >&3; } | head -n 1 >&2')).toBe("7\n");
});
