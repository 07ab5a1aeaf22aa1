import type { Command } from "commander";
import schema from "../../../schema/topology.schema.json" with { type: "json" };
import { report } from "../../diagnostics/report.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import type { Finish } from "../registry.js";
import { findSection, sectionMeant } from "../schema/find.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { printSection } from "../schema/print.js";
import { schemaSections } from "../schema/sections.js";

interface SchemaOptions {
  readonly json?: boolean;
}

/** `dvrc schema`: prints the topology language. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[section]", "a section only: networks, routers, subnets, agent ...")
    .option("--json", "the JSON schema itself, for editors and other tools")
    .action((word: string | undefined, options: SchemaOptions) => {
      const topologySchema: JsonSchema = schema;
      if (options.json === true) {
        context.stdout.write(`${JSON.stringify(topologySchema, undefined, 2)}\n`);
        return finish(exitCode.done);
      }
      const sections = schemaSections(topologySchema);
      const wanted = word === undefined ? undefined : findSection(sections, word);
      if (word !== undefined && wanted === undefined) {
        const meant = sectionMeant(sections, word);
        const help = meant === undefined ? undefined : `Did you mean "${meant}"?`;
        printDiagnostics([report("unknown-schema-section", { section: word }, undefined, { help })], context);
        return finish(exitCode.trouble);
      }
      const colours = coloursOf(context.stdout, context.env);
      const width = Math.min(context.stdout.columns ?? 100, 120);
      context.stdout.write((wanted === undefined ? sections : [wanted]).map((section) => printSection(section, colours, width)).join("\n"));
      finish(exitCode.done);
    });
  addExamples(command, context, [
    ["dvrc schema", "the whole language"],
    ["dvrc schema subnets", "one section, by its path or its name"],
    ["dvrc schema --json > topology.schema.json", "for an editor"],
  ]);
}
