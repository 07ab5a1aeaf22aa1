import type typescript from "typescript";
import { ts } from "./compiler.js";

const options: typescript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  allowJs: true,
};

/** A module as the body of an async function with the parameters `exports`, `require`, `dvrcImport` and `dvrcMeta`. */
export interface CompiledModule {
  readonly code: string;
  /** JSON of the source map, where asked for. */
  readonly map: string | undefined;
}

/**
 * Compiles a module of the user's: types are dropped, imports become `await require(...)`, `import()` and `import.meta` become parameters.
 *
 * Awaited one after the other, imports run in the order in which ES modules do, and `await` is allowed at the top level.
 */
export function compileModule(text: string, path: string, map = false): CompiledModule {
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: { ...options, sourceMap: map },
    transformers: { before: [replaceImportForms], after: [awaitRequires] },
  });
  return { code: outputText, map: sourceMapText };
}

/** `import(x)` to `dvrcImport(x)` and `import.meta` to `dvrcMeta`. */
const replaceImportForms: typescript.TransformerFactory<typescript.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: typescript.Node): typescript.Node => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return factory.createIdentifier("dvrcMeta");
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isCallExpression(visited) || visited.expression.kind !== ts.SyntaxKind.ImportKeyword) return visited;
    return factory.updateCallExpression(visited, factory.createIdentifier("dvrcImport"), undefined, visited.arguments.slice(0, 1));
  };
  return (file) => ts.visitEachChild(file, visit, context);
};

/** `require(x)`, which the compiler made of an import, to `(await require(x))`. */
const awaitRequires: typescript.TransformerFactory<typescript.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: typescript.Node): typescript.Node => {
    if (ts.isFunctionLike(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    const isRequire = ts.isCallExpression(visited) && ts.isIdentifier(visited.expression) && visited.expression.text === "require";
    return isRequire ? factory.createParenthesizedExpression(factory.createAwaitExpression(visited)) : visited;
  };
  return (file) => ts.visitEachChild(file, visit, context);
};
