import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import ts from "typescript";

/** Exports of a source file that have no doc comment, each as `file:line - what`. */
function undocumentedExports(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  for (const statement of file.statements) {
    if (!isExportedDeclaration(statement) || ts.getJSDocCommentsAndTags(statement).length > 0) continue;
    const { line } = file.getLineAndCharacterOfPosition(statement.getStart());
    found.push(`${path}:${line + 1} - the export has no doc comment.`);
  }
  return found;
}

function isExportedDeclaration(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement) || !ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/\.(test|generated|d)\.ts$/.test(path))
  .map((path) => join("src", path));
const findings = files.flatMap(undocumentedExports);
for (const finding of findings) process.stdout.write(`${finding}\n`);
if (findings.length > 0) process.exitCode = 1;
