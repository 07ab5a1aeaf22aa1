import process from "node:process";
import { runCli } from "../src/testing/run-cli.js";
import { generateLibDeclarations } from "./generate-lib-declarations.js";
import { generateDslDeclarations } from "./generate-dsl-declarations.js";
import { generateDiagnosticsReference, generateReleasesReference, generateTopologyReference } from "./generate-reference.js";
import { generateTopologyTypes } from "./generate-types.js";
import { generateValidator } from "./generate-validator.js";

/** A file that is made from another and checked in. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Every generated file with the text that it should have; `npm run generate` writes them, a test compares. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  return [
    { path: "src/dsl/types.generated.ts", text: await generateTopologyTypes() },
    { path: "src/read/typescript/dsl-declarations.generated.ts", text: await generateDslDeclarations() },
    { path: "src/read/typescript/lib-declarations.generated.ts", text: generateLibDeclarations() },
    { path: "src/read/validator.generated.js", text: await generateValidator() },
    { path: "docs/diagnostics.md", text: await generateDiagnosticsReference() },
    { path: "docs/topology.md", text: await generateTopologyReference() },
    { path: "docs/way.svg", text: (await runCli(["graph", "examples/os-dvr/topology.yaml", "VM1", "VM2"], { cwd: process.cwd() })).stdout },
    { path: "docs/releases.md", text: await generateReleasesReference() },
  ];
}
