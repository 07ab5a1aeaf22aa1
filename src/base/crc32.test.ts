import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { it } from "vitest";
import { crc32 } from "./crc32.js";

it("gives zlib's sum of any text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => crc32(text) === zlibCrc32(text)));
});
