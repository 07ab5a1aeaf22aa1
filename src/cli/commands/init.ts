import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import schema from "../../../schema/topology.schema.json" with { type: "json" };
import { report } from "../../diagnostics/report.js";
import { visible } from "../../diagnostics/visible.js";
import { makeFolders } from "../../emit/tree/make-folder.js";
import { coloursOf } from "../colours.js";
import { exitCode, type Context } from "../context.js";
import { printDiagnostics } from "../diagnostics.js";
import { addExamples } from "../examples.js";
import type { Finish } from "../registry.js";
import { replaceFile } from "../replace-file.js";
import { shellWord } from "../shell-word.js";
import { type CloudFormat, cloudFormats } from "../synthetic/format.js";
import { type CloudSize, parseCloudSize } from "../synthetic/size.js";

interface InitOptions {
  readonly ts?: boolean;
  readonly synthetic?: CloudSize;
  readonly format?: CloudFormat;
}

/** `dvrc init`: writes a small commented topology to start from, or a large one to measure with. */
export function define(command: Command, context: Context, finish: Finish): void {
  command
    .argument("[folder]", "where to write it", ".")
    .option("--ts", "a TypeScript topology instead of YAML")
    .addOption(
      new Option("--synthetic <H:N>", "a made-up cloud of H compute hosts and N servers, to try dvrc's speed with")
        .argParser(parseCloudSize)
        .conflicts("ts"),
    )
    .addOption(new Option("--format <format>", "of a synthetic cloud").choices(cloudFormats).conflicts("ts"))
    .action(async (folder: string, options: InitOptions) => {
      if (options.format !== undefined && options.synthetic === undefined) command.error("error: option '--format' needs '--synthetic'");
      const target = resolve(context.cwd, folder);
      const existing = [...topologyFiles, "topology.yml"].map((name) => join(target, name)).find((name) => existsSync(name));
      if (existing !== undefined) {
        printDiagnostics([report("file-exists", { file: relative(context.cwd, existing) }, undefined)], context);
        return finish(exitCode.trouble);
      }
      const { file, text } = await contentsOf(target, options);
      makeFolders(target);
      replaceFile(join(target, file), text);
      const path = relative(context.cwd, join(target, file));
      const colours = coloursOf(context.stdout, context.env);
      context.stdout.write(`Wrote ${colours.bold(visible(path))}.\nNext: ${colours.cyan(`dvrc build ${visible(shellWord(path))}`)}\n`);
      finish(exitCode.done);
    });
  addExamples(command, context, [
    ["dvrc init", "topology.yaml in this folder"],
    ["dvrc init --ts cloud", "cloud/topology.ts"],
    ["dvrc init --synthetic 50:1000 big", "big/topology.yaml, of 50 compute hosts and 1000 servers"],
  ]);
}

const topologyFiles = ["topology.yaml", "topology.ts", "topology.json"] as const;

/** The file to write into a folder. */
interface InitialFile {
  readonly file: (typeof topologyFiles)[number];
  readonly text: string;
}

async function contentsOf(folder: string, { ts, synthetic, format = "yaml" }: InitOptions): Promise<InitialFile> {
  if (synthetic !== undefined) {
    const { syntheticCloud } = await import("../synthetic/cloud.js");
    const { printCloud } = await import("../synthetic/print.js");
    return { file: `topology.${format}`, text: printCloud(syntheticCloud(synthetic), format) };
  }
  const file = ts === true ? "topology.ts" : "topology.yaml";
  const render =
    ts === true ? (await import("../templates/topology.ts.hbs")).default : (await import("../templates/topology.yaml.hbs")).default;
  const release = schema.properties.release;
  const text = render({
    name: JSON.stringify(basename(folder) || "topology"),
    file,
    release: release.default,
    releases: release.enum.join(", "),
  });
  return { file, text };
}
