"use strict";
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

/** As Node wraps modules, with one thing more: `import()` of scripts whose code V8 kept fails, so that it is done here. */
const head = "(function (exports, require, module, __filename, __dirname, dvrcImport) { ";
const importModule = (specifier) => import(specifier);

/** Files of dist/cli that this process has loaded, by path. */
const loaded = new Map();

/**
 * Loads a file of dist/cli as `require` would, and from V8's own code where it is kept beside the file: compiling takes longer than a small topology.
 *
 * V8 refuses code of another version of itself, and compiles the file as ever.
 */
function load(path) {
  const known = loaded.get(path);
  if (known !== undefined) return known.module.exports;
  const module = { exports: {} };
  const script = new Script(`${head}${readFileSync(path, "utf8")}\n})`, { filename: path, cachedData: codeOf(path) });
  loaded.set(path, { module, script });
  const folder = dirname(path);
  const requireOther = createRequire(path);
  const require = (name) => (name.startsWith(".") ? load(join(folder, name)) : requireOther(name));
  script.runInThisContext().call(module.exports, module.exports, require, module, path, folder, importModule);
  return module.exports;
}

function codeOf(path) {
  try {
    return readFileSync(`${path}.code`);
  } catch {
    return undefined;
  }
}

/** Keeps V8's code of what was loaded and run, for files that have none yet. */
function keepCode() {
  for (const [path, { script }] of loaded) {
    if (codeOf(path) !== undefined) continue;
    writeFileSync(`${path}.${process.pid}`, script.createCachedData());
    renameSync(`${path}.${process.pid}`, `${path}.code`);
  }
}

module.exports = { load, keepCode };
