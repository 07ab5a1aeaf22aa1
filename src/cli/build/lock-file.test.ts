import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeLock } from "./lock-file.js";

it("says of the lock, and not of its draft, why it cannot be written", () => {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-lock-"));
  const path = join(folder, "gone", "topology.lock.json");
  expect(writeLock({ path, pieces: ["{}"], added: 1, changed: 0, dropped: 0 })).toMatchObject([
    { name: "lock-not-writable", message: `Lock "${path}" cannot be written: no such file or folder.` },
  ]);
  rmSync(folder, { recursive: true });
});
