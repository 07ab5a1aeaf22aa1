import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import { importModule } from "../../base/import-module.js";

/** The URL of a module from the text of its code. */
function moduleUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** A module that imports on behalf of a file; the file's URL follows as a comment. */
const importerUrl = moduleUrl("export const load = (specifier) => import(specifier);//");

/** A resolve hook of Node's: what such a module imports is looked for from the file on. */
const hookUrl = moduleUrl(`
  const importer = ${JSON.stringify(importerUrl)};
  export function resolve(specifier, context, next) {
    if (!context.parentURL?.startsWith(importer)) return next(specifier, context);
    return next(specifier, { ...context, parentURL: decodeURIComponent(context.parentURL.slice(importer.length)) });
  }`);

let hooked = false;

/**
 * Imports a module of Node's or of a package, as `import()` in a file would: Node looks for packages from that file on.
 *
 * Errors: throws what Node throws.
 */
export async function nativeImport(specifier: string, from: string): Promise<unknown> {
  if (nodeModule.isBuiltin(specifier)) return importModule(specifier);
  if (!hooked) await hookResolution();
  hooked = true;
  const { load } = (await importModule(importerUrl + encodeURIComponent(pathToFileURL(from).href))) as {
    readonly load: (specifier: string) => Promise<unknown>;
  };
  return load(specifier);
}

/** From Node 22.15 on, hooks are functions; before, they are a module that Node runs in another thread. */
async function hookResolution(): Promise<void> {
  const { registerHooks, register } = nodeModule as {
    readonly registerHooks?: (hooks: unknown) => unknown;
    readonly register: (url: string) => void;
  };
  if (registerHooks === undefined) register(hookUrl);
  else registerHooks(await importModule(hookUrl));
}
