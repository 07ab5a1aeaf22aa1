import type { Command } from "commander";
import schema from "../../../schema/topology.schema.json" with { type: "json" };
import { report } from "../../diagnostics/report.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printTrouble } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import type { Finish } from "../registry.js";
import { findSection, sectionMeant } from "../schema/find.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { sectionSchema } from "../schema/section-schema.js";
import { printSection } from "../schema/print.js";
import { schemaSections } from "../schema/sections.js";

interface SchemaOptions {
  readonly json?: boolean;
}

/** `dvrc schema`: prints the topology language. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[section]", "a section only: networks, routers, subnets, agent ...")
    .option("--json", "the JSON schema itself, of all or of the section, for editors and other tools")
    .action((word: string | undefined, options: SchemaOptions) => {
      const topologySchema: JsonSchema = schema;
      const sections = schemaSections(topologySchema);
      const wanted = word === undefined ? undefined : findSection(sections, word);
      if (word !== undefined && wanted === undefined) {
        const meant = sectionMeant(sections, word);
        const help = meant === undefined ? undefined : `Did you mean "${meant}"?`;
        return finish(printTrouble([report("unknown-schema-section", { section: word }, undefined, { help })], options, context));
      }
      if (options.json === true) {
        const printed = wanted === undefined ? topologySchema : sectionSchema(topologySchema, wanted.title);
        context.stdout.write(`${JSON.stringify(printed, undefined, 2)}\n`);
        return finish(exitCode.done);
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
    ["dvrc schema subnets --json", "the JSON schema of one section, complete in itself"],
  ]);
}
