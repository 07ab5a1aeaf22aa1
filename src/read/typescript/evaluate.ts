import { Console } from "node:console";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import * as dsl from "../../dsl/topology.js";
import { compileModule } from "./compile-module.js";
import { nativeImport } from "./native-import.js";
import type { UserProgram } from "./user-program.js";

/** What a module exports. */
export type Exports = Record<string, unknown>;

/** A module of the user's while it is evaluated, and after. */
interface Module {
  readonly exports: Exports;
  /** Settles when the module has run. */
  done: Promise<void>;
}

/** The function that a module's code is wrapped in. */
type ModuleBody = (exports: Exports, require: Importer, dvrcImport: Importer, dvrcMeta: object, console: Console) => Promise<void>;
type Importer = (specifier: string) => Promise<unknown>;

const header = "(async function (exports, require, dvrcImport, dvrcMeta, console) {\n";

/**
 * Runs the user's modules in this process, in the order in which imports ask for them, and gives the entry's exports. Nothing is written to disk.
 *
 * Files of the user's are compiled here, `"dvrc"` is the running dvrc, and anything else is imported as Node does from the importing file.
 * What they log goes to standard error: standard output is the command's own.
 * Errors: throws what the user's code throws.
 */
export async function evaluate(user: UserProgram, entryPath: string): Promise<Exports> {
  const modules = new Map<string, Module>();
  const log = new Console(process.stderr);

  /** `importers` are the modules that wait for this one: one of them that is imported again is a cycle, and is handed over as far as it has run. */
  async function load(path: string, importers: ReadonlySet<string>): Promise<Exports> {
    let module = modules.get(path);
    if (module === undefined) {
      // Known before it runs: it may import what imports it.
      module = { exports: {}, done: Promise.resolve() };
      modules.set(path, module);
      module.done = run(path, module.exports, new Set([...importers, path]));
    }
    if (!importers.has(path)) await module.done;
    return module.exports;
  }

  async function run(path: string, exports: Exports, importers: ReadonlySet<string>): Promise<void> {
    const text = user.program.getSourceFile(path)?.text ?? (await readFile(path, "utf8"));
    if (path.endsWith(".json")) {
      Object.defineProperty(exports, "__esModule", { value: true });
      exports["default"] = JSON.parse(text) as unknown;
      return;
    }
    const importer: Importer = async (specifier) => {
      const target = user.resolve(specifier, path);
      if (target.kind === "dvrc") return asModule(dsl);
      return target.kind === "file" ? load(target.path, importers) : asModule(await nativeImport(specifier, path));
    };
    const code = `${header}${compileModule(text, path).code}\n})`;
    const body = new Script(code, { filename: path, lineOffset: -1 }).runInThisContext() as ModuleBody;
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
    await body.call(undefined, exports, importer, importer, meta, log);
  }

  return load(entryPath, new Set());
}

/** A module's namespace as compiled code expects it. */
function asModule(namespace: unknown): Exports {
  return Object.defineProperty({ ...(namespace as Exports) }, "__esModule", { value: true });
}
