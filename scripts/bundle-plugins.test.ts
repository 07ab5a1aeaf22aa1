import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import * as yaml from "yaml";
import { yamlTexts } from "../src/testing/yaml-texts.js";
import { withoutGenerators } from "./bundle-plugins.js";

const cache = resolve("node_modules/.cache/dvrc");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "yaml-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The library's lexer and parser as they are bundled. */
async function bundledParser(): Promise<Pick<typeof yaml, "Lexer" | "Parser">> {
  const origin = resolve("node_modules/yaml/browser/dist/parse");
  for (const name of ["lexer.js", "parser.js"]) {
    const text = withoutGenerators(readFileSync(join(origin, name), "utf8"));
    writeFileSync(
      join(folder, name.replace(".js", ".mjs")),
      text.replace("./cst.js", pathToFileURL(join(origin, "cst.js")).href).replace("lexer.js", "lexer.mjs"),
    );
  }
  const [{ Lexer }, { Parser }] = (await Promise.all(
    ["lexer.mjs", "parser.mjs"].map((name) => import(pathToFileURL(join(folder, name)).href)),
  )) as [Pick<typeof yaml, "Lexer">, Pick<typeof yaml, "Parser">];
  return { Lexer, Parser };
}

/** Tokens of a text, lexeme by lexeme as `read/yaml.ts` asks for them, and at once. */
function tokensBy({ Lexer, Parser }: Pick<typeof yaml, "Lexer" | "Parser">, text: string): unknown {
  const parser = new Parser();
  const steps = [...new Lexer().lex(text)].map((lexeme) => [lexeme, [...parser.next(lexeme)], parser.stack.length, parser.offset]);
  return [steps, [...parser.end()], [...new Parser().parse(text)]];
}

it("bundles a parser of YAML that finds the tokens that the library's own finds", async () => {
  const bundled = await bundledParser();
  const agree = (text: string): void => {
    expect(tokensBy(bundled, text), JSON.stringify(text)).toEqual(tokensBy(yaml, text));
  };
  const examples = readdirSync("golden/errors").filter((name) => name.endsWith(".yaml"));
  for (const name of examples) agree(readFileSync(join("golden/errors", name), "utf8"));
  fc.assert(fc.property(yamlTexts, agree), { numRuns: 1000 });
});

it("refuses to bundle a module that it does not understand", () => {
  expect(() => withoutGenerators("class A {\n    constructor() {}\n}\n")).toThrow("written otherwise");
  expect(() =>
    withoutGenerators("class A {\n    constructor() {}\n    *lex() {\n        const a = yield 1, b;\n        yield\n    }\n}\n"),
  ).toThrow();
});
