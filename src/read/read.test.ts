import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readTopology } from "./read.js";
import { fileSizeLimit } from "./text.js";

const folder = mkdtempSync(join(tmpdir(), "dvrc-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a file of these bytes: its value, or what is said about it. */
async function read(name: string, content: string | Uint8Array): Promise<unknown> {
  writeFileSync(join(folder, name), content);
  const [document, diagnostics] = await readTopology(join(folder, name));
  return document === undefined ? diagnostics.map(({ message }) => message.replaceAll(`${folder}/`, "")) : document.value;
}

it("tells the language by the extension, in any letter case", async () => {
  expect(await read("a.yaml", "name: x")).toEqual({ name: "x" });
  expect(await read("a.YML", "name: x")).toEqual({ name: "x" });
  expect(await read("a.json", '{ "name": "x" }')).toEqual({ name: "x" });
  expect(await read("a.ts", 'export default { name: "x" as const };')).toEqual({ name: "x" });
  expect(await read("a.toml", "name = 1")).toEqual(['File "a.toml" is neither .ts, .yaml, .yml nor .json.']);
});

it("leaves out a byte order mark", async () => {
  expect(await read("bom.json", '\ufeff{ "name": "x" }')).toEqual({ name: "x" });
  expect(await read("bom.yaml", "\ufeffname: x")).toEqual({ name: "x" });
  expect(await read("bom.ts", '\ufeffexport default { name: "x" };')).toEqual({ name: "x" });
});

it("says at which byte a file is no UTF-8", async () => {
  expect(await read("latin.yaml", Uint8Array.from([...Buffer.from("name: "), 0xe9, 0x0a]))).toEqual([
    'File "latin.yaml" is not UTF-8 text: byte 6 fits no character.',
  ]);
  expect(await read("cut.yaml", Buffer.from("name: é").subarray(0, 7))).toEqual([
    'File "cut.yaml" is not UTF-8 text: byte 6 fits no character.',
  ]);
});

it("says why a file cannot be read", async () => {
  const reason = async (name: string): Promise<string | undefined> =>
    (await readTopology(join(folder, name)))[1][0]?.message.replaceAll(`${folder}/`, "");
  expect(await reason("absent.yaml")).toBe('File "absent.yaml" cannot be read: no such file.');
  writeFileSync(join(folder, "plain.yaml"), "name: x");
  expect(await reason("plain.yaml/x.yaml")).toBe('File "plain.yaml/x.yaml" cannot be read: a part of the path is not a folder.');
  writeFileSync(join(folder, "huge.yaml"), "");
  truncateSync(join(folder, "huge.yaml"), fileSizeLimit + 1);
  expect(await reason("huge.yaml")).toBe(`File "huge.yaml" has ${fileSizeLimit + 1} bytes; dvrc reads up to ${fileSizeLimit}.`);
});

it("does not wait for a pipe, and reads no device", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
  symlinkSync("/dev/zero", join(folder, "zero.json"));
  for (const name of ["pipe.yaml", "zero.json"]) {
    const [, diagnostics] = await readTopology(join(folder, name));
    expect(diagnostics.map(({ message }) => message.replaceAll(`${folder}/`, ""))).toEqual([
      `File "${name}" cannot be read: it is no plain file.`,
    ]);
  }
});
