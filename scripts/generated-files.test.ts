import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedFiles } from "./generated-files.js";

it("finds every generated file up to date (npm run generate)", async () => {
  for (const { path, text } of await generatedFiles()) expect(readFileSync(path, "utf8"), path).toBe(text);
});
