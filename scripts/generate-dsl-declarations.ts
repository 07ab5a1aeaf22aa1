import { readFileSync } from "node:fs";
import ts from "typescript";
import { generateTopologyTypes } from "./generate-types.js";

/**
 * What `import ... from "dvrc"` declares to a TypeScript topology, as a module that exports the text: the declarations of `src/dsl`, without comments.
 *
 * It is part of dvrc's code, so that wherever dvrc is installed nothing has to be found.
 */
export async function generateDslDeclarations(): Promise<string> {
  const types = declarationsOf("types.generated.ts", await generateTopologyTypes());
  const topology = declarationsOf(
    "topology.ts",
    readFileSync("src/dsl/topology.ts", "utf8").replace(/^import type \{[^}]*\} from ".\/types.generated.js";$/m, ""),
  );
  const text = [types, topology].join("").replace(/^export \{\};\n/gm, "");
  return `// Generated from src/dsl by scripts/generate-dsl-declarations.ts.\n/** Declarations of the module "dvrc" for TypeScript topologies. */\nexport const dslDeclarations = ${JSON.stringify(text)};\n`;
}

function declarationsOf(fileName: string, text: string): string {
  const { outputText } = ts.transpileDeclaration(text, {
    fileName,
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ES2022 },
  });
  return outputText.replace(/^ +/gm, "");
}
