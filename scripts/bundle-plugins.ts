import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join, resolve } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Makes Node's own modules load when they are first used, and without the ES module facade, which calls every getter that they export:
 * that of `node:crypto` alone loads twenty modules.
 *
 * `without` names a module that the bundle mentions and never uses.
 */
export function builtinsPlugin({ without }: { readonly without?: string } = {}): Plugin {
  const names = new Set(builtinModules);
  return {
    name: "builtins",
    setup(build) {
      build.onResolve({ filter: /^(?:node:)?[a-z_]+(?:\/[a-z_]+)*$/ }, ({ path, kind }) => {
        const name = path.replace(/^node:/, "");
        return names.has(name) && kind !== "entry-point" ? { path: name, namespace: "builtin" } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
        contents: path === without ? "module.exports = {};" : `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
        loader: "js",
      }));
    },
  };
}

/** Takes Node's `process` for what it is, a global: as a module it would be copied, getter by getter, wherever it is imported. */
export const processPlugin: Plugin = {
  name: "process",
  setup(build) {
    build.onResolve({ filter: /^node:process$/ }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "process" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "process" }, () => ({ contents: "export default process;", loader: "js" }));
    // It makes Node's streams to see whether they are terminals; dvrc knows by itself where it wants colours.
    build.onLoad({ filter: /\/picocolors\.js$/ }, ({ path }) => ({
      contents: `const process = {};\n${readFileSync(path, "utf8")}`,
      loader: "js",
    }));
  },
};

/** Leaves out of a bundle what has a file of its own: commander, the commands, the TypeScript reader. `cli` is the way to dist/cli. */
export function lazyFilesPlugin(cli: string): Plugin {
  return {
    name: "lazy-files",
    setup(build) {
      build.onResolve({ filter: /^commander$/ }, () => ({ path: `${cli}commander.js`, external: true }));
      build.onResolve({ filter: /^chokidar$/ }, () => ({ path: `${cli}chokidar.js`, namespace: "lazy-file" }));
      build.onResolve({ filter: /\/commands\/[\w-]+\.js$/ }, ({ path, kind }) =>
        kind === "dynamic-import" ? { path: `${cli}commands/${basename(path)}`, namespace: "lazy-file" } : undefined,
      );
      build.onResolve({ filter: /\/typescript\.js$/ }, ({ kind }) =>
        kind === "dynamic-import" ? { path: `${cli}read-typescript.js`, namespace: "lazy-file" } : undefined,
      );
      // Required when it is imported: `import()` would start the loader of ES modules.
      build.onLoad({ filter: /.*/, namespace: "lazy-file" }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
        loader: "js",
      }));
      build.onResolve({ filter: /.*/, namespace: "lazy-file" }, ({ path }) => ({ path, external: true }));
    },
  };
}

/** Replaces a module by functions that load it, from a file beside the bundle, when they are called: for what is rarely needed, and large. */
export function lazyFunctionsPlugin(module: string, file: string): Plugin {
  const names = [...readFileSync(module, "utf8").matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  const contents = names.map((name) => `export const ${name} = (...args) => require(${JSON.stringify(file)}).${name}(...args);\n`).join("");
  return {
    name: "lazy-functions",
    setup(build) {
      const path = resolve(module);
      build.onLoad({ filter: /\.ts$/ }, (loaded) => (loaded.path === path ? { contents, loader: "js" } : undefined));
      build.onResolve({ filter: /^\./ }, ({ kind, ...wanted }) =>
        kind === "require-call" && wanted.path === file ? { path: file, external: true } : undefined,
      );
    },
  };
}

/**
 * Takes the ES modules of `yaml`, of which the bundler leaves out what nobody imports: the half that prints, and YAML 1.1.
 *
 * Its lexer and parser are taken as {@link withoutGenerators}: entering and leaving generators is a third of reading a large topology.
 */
export const leanYamlPlugin: Plugin = {
  name: "lean-yaml",
  setup(build) {
    const folder = resolve("node_modules/yaml/browser/dist");
    build.onResolve({ filter: /^yaml$/ }, () => ({ path: join(folder, "index.js"), sideEffects: false }));
    build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) =>
      resolveDir.startsWith(folder) ? { path: resolve(resolveDir, path), sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /\/yaml\/browser\/dist\/parse\/(?:lexer|parser)\.js$/ }, ({ path }) => ({
      contents: withoutGenerators(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/**
 * A module of one class whose methods are generators, with methods that gather what those would yield; the public ones return it.
 *
 * The lexer itself stays a generator, so that a large text's lexemes are never all there at once.
 * Errors: throws where the module is not written as this expects, so that another version of it fails the build.
 */
export function withoutGenerators(module: string): string {
  const code = module
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace("    *lex(", "    * lex(")
    .replace("next = yield* this.parseNext(next);", "{ this.yielded = []; next = this.parseNext_(next); yield * this.yielded; }");
  const found = [...code.matchAll(/^ {4}\*(\w+)\((.*)\) \{$/gm)].map(([, name = "", parameters = ""]) => ({ name, parameters }));
  const methods = found.map(({ name }) => name);
  const wrappers = found
    .filter(({ name }) => ["parse", "next", "end"].includes(name))
    .map(
      ({ name, parameters }) => `    ${name}(${parameters}) {
        if (this.yielded?.length !== 0) this.yielded = [];
        this.${name}_(${parameters.replace(/ = \w+/g, "")});
        return this.yielded;
    }
`,
    );
  const plain = code
    // A generator that nobody runs does nothing.
    .replace(/^ +this\.(\w+)\([^;]*\);\n/gm, (call, name: string) => (methods.includes(name) ? "" : call))
    .replace(/^ {4}\*(\w+)\(/gm, "    $1_(")
    .replace(/\byield\* this\.(\w+)\(/g, "this.$1_(")
    .replace(/\byield ([^*;][^;]*);/g, "this.yielded.push($1);")
    .replace(/^ {4}constructor\(/m, `${wrappers.join("")}$&`);
  const isOdd = /\byield\b(?! \* this\.yielded)|^ +\*\w/m.test(plain) || methods.some((name) => plain.includes(`this.${name}(`));
  if (methods.length === 0 || isOdd) throw new Error("yaml is written otherwise: see withoutGenerators");
  return plain;
}
