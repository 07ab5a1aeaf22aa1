import { builtinModules } from "node:module";
import type typescript from "typescript";
import type { SourceText } from "../../source/span.js";
import { libFolder, ts } from "./compiler.js";
import { dslDeclarations } from "./dsl-declarations.generated.js";
import { libDeclarations } from "./lib-declarations.generated.js";

/** Files of declarations that dvrc has in its code: its own, Node's, and the quick library. */
const dslFile = "/dvrc!/index.d.ts";
const nodeFile = "/dvrc!/node.d.ts";
const rareNodeFile = "/dvrc!/node-rare.d.ts";
const libFile = "/dvrc!/lib.d.ts";

/**
 * Node's modules and globals, without their types: a topology may use them, and their declarations are another package that may not be installed.
 * Files that are no modules, so that their declarations are global.
 */
const nodeDeclarations = `
  declare module "node:*";
  declare var process: any, console: any, Buffer: any, URL: any, structuredClone: any;
  interface ImportMeta { url: string; filename: string; dirname: string; }`;
const rareNodeDeclarations = [
  ...builtinModules.map((name) => `declare module ${JSON.stringify(name)};`),
  "declare var URLSearchParams: any, TextEncoder: any, TextDecoder: any, fetch: any, crypto: any, performance: any, setTimeout: any, clearTimeout: any;",
].join("\n");

const commonOptions: typescript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What a program is checked against: the part of the library and of Node that is quick to load, or all of it. */
export type Library = "quick" | "whole";

const librariesOf = {
  quick: { options: { noLib: true }, files: [libFile] },
  whole: { options: { lib: ["lib.es2023.d.ts"] }, files: [rareNodeFile] },
} as const satisfies Record<Library, { readonly options: typescript.CompilerOptions; readonly files: readonly string[] }>;

/** Where an import leads: to a file of the user's, to dvrc itself, or to what Node finds (a package, a module of Node's). */
export type ImportTarget = { readonly kind: "file"; readonly path: string } | { readonly kind: "dvrc" } | { readonly kind: "native" };

/** The user's program: the entry file and what it imports. */
export interface UserProgram {
  readonly program: typescript.Program;
  readonly entry: typescript.SourceFile;
  /** The user's own files, those in packages left out, the entry first. */
  readonly files: readonly typescript.SourceFile[];
  /** The text of a file of the program as diagnostics show it. */
  sourceOf(file: typescript.SourceFile): SourceText;
  resolve(specifier: string, from: string): ImportTarget;
}

/** Loads the entry and what it imports; `path` is the entry's, absolute. */
export function userProgram(source: SourceText, path: string, library: Library): UserProgram {
  const entryName = normalized(path);
  const options: typescript.CompilerOptions = { ...commonOptions, ...librariesOf[library].options };
  const host = compilerHost(options, source.text, entryName);
  const cache = ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options);
  const resolveModule = (specifier: string, from: string): typescript.ResolvedModuleFull | undefined => {
    if (specifier === "dvrc") return { resolvedFileName: dslFile, extension: ts.Extension.Dts };
    return ts.resolveModuleName(specifier, from, options, host, cache).resolvedModule;
  };
  host.resolveModuleNameLiterals = (literals, from) => literals.map(({ text }) => ({ resolvedModule: resolveModule(text, from) }));
  const program = ts.createProgram([entryName, nodeFile, ...librariesOf[library].files], options, host);
  const entry = program.getSourceFile(entryName);
  if (entry === undefined) throw new Error(`TypeScript does not load ${path}`);
  const others = program
    .getSourceFiles()
    .filter((file) => file !== entry && !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file));
  const sources = new Map([[entry, source]]);
  return {
    program,
    entry,
    files: [entry, ...others],
    sourceOf(file) {
      const known = sources.get(file) ?? { path: file.fileName, text: file.text };
      sources.set(file, known);
      return known;
    },
    resolve(specifier, from) {
      const found = resolveModule(specifier, normalized(from));
      if (found?.resolvedFileName === dslFile) return { kind: "dvrc" };
      const isFile = found !== undefined && found.isExternalLibraryImport !== true && !/\.d\.[cm]?ts$/.test(found.resolvedFileName);
      return isFile ? { kind: "file", path: found.resolvedFileName } : { kind: "native" };
    },
  };
}

/** A host that knows the entry's text and dvrc's declarations. Doc comments are not parsed: that takes longer than all the rest. */
function compilerHost(options: typescript.CompilerOptions, entryText: string, entryName: string): typescript.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const virtual = new Map([
    [entryName, entryText],
    [dslFile, dslDeclarations],
    [libFile, libDeclarations],
    [nodeFile, nodeDeclarations],
    [rareNodeFile, rareNodeDeclarations],
  ]);
  return {
    ...host,
    getDefaultLibLocation: libFolder,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    fileExists: (name) => virtual.has(name) || host.fileExists(name),
    readFile: (name) => virtual.get(name) ?? host.readFile(name),
    getSourceFile(name, language, ...rest) {
      const text = virtual.get(name);
      return text === undefined ? host.getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language, true);
    },
  };
}

function normalized(path: string): string {
  return path.replaceAll("\\", "/");
}
