import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import Handlebars from "handlebars";

/**
 * The module that a `.hbs` file becomes: its compiled template, so that only Handlebars' runtime is loaded.
 *
 * Shape: ES module text whose default export renders the template. A value that the template names and the data lack is an error; nothing is HTML-escaped.
 * Errors: throws on a template that does not parse.
 */
export function templateModule(source: string): string {
  // Text without holes needs no runtime to be rendered.
  if (Handlebars.parse(source).body.every(({ type }) => type === "ContentStatement")) {
    return `export default () => ${JSON.stringify(Handlebars.compile(source, { noEscape: true })({}))};\n`;
  }
  const compiled = Handlebars.precompile(source, { strict: true, noEscape: true }) as unknown as string;
  return `import Handlebars from "handlebars/runtime.js";\nexport default Handlebars.template(${compiled});\n`;
}

/** Lets esbuild import `.hbs` files. */
export const handlebarsPlugin: Plugin = {
  name: "handlebars",
  setup(build) {
    build.onLoad({ filter: /\.hbs$/ }, ({ path }) => ({ contents: templateModule(readFileSync(path, "utf8")), loader: "js" }));
  },
};
