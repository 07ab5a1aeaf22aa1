import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { addServer, type Cloud, makeCloud, sizeOfTree } from "./cloud.js";
import type { Limit, Row, Written } from "./row.js";
import { copyTree, type Cost, dvrc, measure, median } from "./run.js";
import { measureWatch } from "./watch.js";

/** Sizes of clouds, compute hosts and servers, and what may take how long at each. */
export const sizes = ["3:6", "10:100", "50:1000", "100:5000", "200:20000"] as const;

/** One of {@link sizes}. */
export type Size = (typeof sizes)[number];

/** What is measured of each cloud. */
export const measures = ["build", "incremental", "watch", "check", "trace", "diff"] as const;

/** One of {@link measures}. */
export type Measure = (typeof measures)[number];

/** Seconds that something of a cloud may take, by measure, language and size. */
const seconds: Readonly<Partial<Record<string, number>>> = {
  "build json 50:1000": 3,
  "build json 200:20000": 30,
  "check json 200:20000": 4,
  "check yaml 200:20000": 8,
  "watch json 50:1000": 0.15,
  "watch yaml 50:1000": 0.35,
  "trace yaml 50:1000": 0.5,
};

/** Beyond this many servers a command runs once, and one host stands for all in what takes minutes. */
const manyServers = 2000;

/** What is measured of one cloud after the other, and what later ones compare with. */
export class CloudBench {
  /** CPU seconds a line of the build at 50:1000. */
  private costOfLine: number | undefined;

  /** `unit` is the time of `node -e 0`, in seconds. */
  constructor(
    private readonly folder: string,
    private readonly unit: number,
  ) {}

  /** Everything of one size; `wanted` says what of it. */
  async *rows(size: Size, wanted: ReadonlySet<Measure>): AsyncGenerator<Row, void> {
    const json = makeCloud(this.folder, size, "json");
    const yaml = makeCloud(this.folder, size, "yaml");
    const tree = join(json.folder, "out");
    yield* this.builds(json, tree, wanted);
    copyFileSync(join(json.folder, "topology.lock.json"), join(yaml.folder, "topology.lock.json"));
    for (const cloud of [json, yaml]) {
      if (wanted.has("check")) yield this.row("check", cloud, this.often(size, ["check", cloud.path]));
      if (wanted.has("trace")) yield this.row("trace", cloud, this.often(size, ["trace", cloud.path, "vm-1", "vm-2"]));
    }
    if (wanted.has("diff")) yield this.diff(json, tree);
    if (wanted.has("incremental")) yield this.incremental(json, tree);
    if (!wanted.has("watch") || serversOf(size) > manyServers) return;
    for (const cloud of [json, yaml]) {
      const cost = await measureWatch(cloud, join(cloud.folder, "out"));
      yield this.row("watch", cloud, cost);
    }
  }

  /** Without a tree and without a lock: everything is new. */
  private *builds(cloud: Cloud, tree: string, wanted: ReadonlySet<Measure>): Generator<Row, void> {
    const cost = measure(this.folder, dvrc("build", cloud.path, "-o", tree));
    if (!wanted.has("build")) return;
    const written = sizeOfTree(tree);
    const copied = copyTree(tree, join(cloud.folder, "copy"));
    const limits = [
      ...(copied === undefined ? [] : [{ unit: "x cp -r", figure: cost.wall / copied, ...atMost(4, cloud.size === "200:20000") }]),
      ...(cloud.size === "200:20000" ? [{ unit: "MB", figure: cost.peak ?? 0, atMost: 1024 }] : []),
      ...this.growth(cloud, cost, written),
    ];
    yield this.row("build", cloud, cost, written, limits);
  }

  private growth({ size }: Cloud, { cpu = 0 }: Cost, { lines }: Written): readonly Limit[] {
    const costOfLine = cpu / lines;
    const perServer = { unit: "ms CPU a server", figure: (cpu * 1000) / serversOf(size) };
    if (size === "50:1000") this.costOfLine = costOfLine;
    if (size !== "200:20000" || this.costOfLine === undefined) return [perServer];
    return [perServer, { unit: "x CPU a line of 50:1000", figure: costOfLine / this.costOfLine, atMost: 1.25 }];
  }

  /** The tree is compared with the topology that it is of. */
  private diff(cloud: Cloud, tree: string): Row {
    const one = serversOf(cloud.size) > manyServers;
    const args = ["diff", cloud.path, tree, ...(one ? ["--host", "compute-1"] : [])];
    return this.row(one ? "diff of a host" : "diff", cloud, measure(this.folder, dvrc(...args)));
  }

  /** A plain build of a topology with one server more. */
  private incremental(cloud: Cloud, tree: string): Row {
    addServer(cloud, 1);
    return this.row("incremental", cloud, measure(this.folder, dvrc("build", cloud.path, "-o", tree)));
  }

  private often(size: Size, args: readonly string[]): Cost {
    const runs = serversOf(size) > manyServers ? 1 : 5;
    return median(Array.from({ length: runs }, () => measure(this.folder, dvrc(...args))));
  }

  private row(what: string, { size, format }: Cloud, cost: Cost, written?: Written, more: readonly Limit[] = []): Row {
    const allowed = seconds[`${what} ${format} ${size}`];
    const time = allowed === undefined ? [] : [{ unit: "s", figure: cost.wall, atMost: allowed }];
    const ratio = what === "trace" ? [{ unit: "x node -e 0", figure: cost.wall / this.unit }] : [];
    return { of: size, what: `${what}, ${format === "json" ? "JSON" : "YAML"}`, cost, written, limits: [...time, ...ratio, ...more] };
  }
}

function atMost(limit: number, applies: boolean): { readonly atMost?: number } {
  return applies ? { atMost: limit } : {};
}

function serversOf(size: string): number {
  return Number(size.split(":")[1]);
}
