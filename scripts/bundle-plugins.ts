import { builtinModules } from "node:module";
import { basename } from "node:path";
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

/** Leaves out of a bundle what has a file of its own: commander, the commands, the TypeScript reader. `cli` is the way to dist/cli. */
export function lazyFilesPlugin(cli: string): Plugin {
  return {
    name: "lazy-files",
    setup(build) {
      build.onResolve({ filter: /^commander$/ }, () => ({ path: `${cli}commander.js`, external: true }));
      build.onResolve({ filter: /\/commands\/[\w-]+\.js$/ }, ({ path, kind }) =>
        kind === "dynamic-import" ? { path: `${cli}commands/${basename(path)}`, external: true } : undefined,
      );
      build.onResolve({ filter: /\/typescript\.js$/ }, ({ kind }) =>
        kind === "dynamic-import" ? { path: `${cli}read-typescript.js`, external: true } : undefined,
      );
    },
  };
}
