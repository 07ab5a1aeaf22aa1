declare const DVRC_IMPORT: ((specifier: string) => Promise<unknown>) | undefined;

/**
 * Imports a package or a module of Node's by a name that is known when it is needed, as `import()` does.
 *
 * Code that V8 kept has lost the way to Node's own `import()`: in the command line `bin/load.js` does it in its place.
 */
export function importModule(specifier: string): Promise<unknown> {
  return typeof DVRC_IMPORT === "function" ? DVRC_IMPORT(specifier) : import(specifier);
}
