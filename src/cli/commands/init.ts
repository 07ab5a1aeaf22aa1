import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import schema from "../../../schema/topology.schema.json" with { type: "json" };
import { report } from "../../diagnostics/report.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import type { Finish } from "../registry.js";

interface InitOptions {
  readonly ts?: boolean;
}

/** `dvrc init`: writes a small commented topology to start from. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[folder]", "where to write it", ".")
    .option("--ts", "a TypeScript topology instead of YAML")
    .action(async (folder: string, options: InitOptions) => {
      const target = resolve(context.cwd, folder);
      const file = options.ts === true ? "topology.ts" : "topology.yaml";
      const path = relative(context.cwd, join(target, file));
      const existing = ["topology.yaml", "topology.ts"].map((name) => join(target, name)).find((name) => existsSync(name));
      if (existing !== undefined) {
        printDiagnostics([report("file-exists", { file: relative(context.cwd, existing) }, undefined)], context);
        return finish(exitCode.trouble);
      }
      const render =
        options.ts === true
          ? (await import("../templates/topology.ts.hbs")).default
          : (await import("../templates/topology.yaml.hbs")).default;
      const release = schema.properties.release;
      const text = render({
        name: JSON.stringify(basename(target) || "topology"),
        file,
        schema: schema.$id,
        release: release.default,
        releases: release.enum.join(", "),
      });
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, file), text, { flag: "wx" });
      const colours = coloursOf(context.stdout, context.env);
      context.stdout.write(`Wrote ${colours.bold(path)}.\nNext: ${colours.cyan(`dvrc build ${path}`)}\n`);
      finish(exitCode.done);
    });
  addExamples(command, context, [
    ["dvrc init", "topology.yaml in this folder"],
    ["dvrc init --ts cloud", "cloud/topology.ts"],
  ]);
}
