import { didYouMean } from "../base/did-you-mean.js";
import type { World } from "../virtual/world.js";
import { type Answer, listed, refusal, type SceneNames, type ToolDialects, type Where } from "./answer.js";
import { parseCommandLine } from "./command-line.js";
import { pipeThrough } from "./pipe.js";
import { findTool, toolNames } from "./tools.js";

/** Milliseconds that one step may wait. */
const longestWait = 86_400_000;

/** A world and the consoles of its hosts and machines. What one command does, the next one sees. */
export class Scene {
  constructor(
    readonly world: World,
    readonly names: SceneNames,
    readonly dialects: ToolDialects,
  ) {}

  /**
   * Runs a command line on a host or machine.
   *
   * Errors: a refusal where there is no such machine, command, namespace or bridge; it says what exists.
   */
  exec(machine: string, command: string | readonly string[]): Answer {
    const where = this.#where(machine);
    if ("kind" in where) return where;
    const line = typeof command === "string" ? parseCommandLine(command) : parseWords(command);
    if ("reason" in line) return refusal(line.reason);
    const [first = [], ...filters] = line.stages;
    let answer = run(first, where);
    for (const filter of filters) {
      if (answer.kind === "refused") return answer;
      answer = pipeThrough(answer.text, filter);
    }
    return answer;
  }

  /** Does one step of a scene: `wait 5s`, or a machine's name and a command: `VM1 ping VM2`. */
  step(text: string): Answer {
    const [, amount, unit = "s"] = /^wait\s+(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(text.trim()) ?? [];
    if (amount !== undefined) {
      const milliseconds = Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 1000);
      if (milliseconds > longestWait) return refusal("A scene waits for a day at most.");
      this.world.wait(milliseconds);
      return { kind: "printed", text: "", status: 0 };
    }
    const machine = [...this.#machines()]
      .filter((name) => text === name || text.startsWith(`${name} `))
      .sort((a, b) => b.length - a.length)[0];
    if (machine === undefined)
      return refusal(`The step ${JSON.stringify(text)} does not begin with "wait" or the name of a host or server.`);
    return this.exec(machine, text.slice(machine.length + 1));
  }

  #machines(): ReadonlySet<string> {
    return new Set([...this.world.plan.hosts, ...this.names.machines]);
  }

  #where(machine: string): Where | Answer {
    const { world, names, dialects } = this;
    if (world.plan.hosts.includes(machine)) {
      world.wait(0);
      const host = world.host(machine);
      if (host !== undefined) return { world, names, dialects, host, station: undefined, run };
    }
    const station = world.machine(machine);
    if (station !== undefined) return { world, names, dialects, host: undefined, station, run };
    const guess = didYouMean(machine, this.#machines());
    const hint = guess === undefined ? "" : ` Did you mean ${JSON.stringify(guess)}?`;
    return refusal(
      `There is no host or server ${JSON.stringify(machine)}.${hint} Hosts: ${listed(world.plan.hosts)}; servers: ${listed(names.machines)}.`,
    );
  }
}

function parseWords(words: readonly string[]): ReturnType<typeof parseCommandLine> {
  const [only] = words;
  if (words.length === 1 && only !== undefined) return parseCommandLine(only);
  const stages: string[][] = [[]];
  for (const word of words) {
    if (word === "|") stages.push([]);
    else stages.at(-1)?.push(word);
  }
  return stages.some((stage) => stage.length === 0) ? { reason: "There is no command." } : { stages };
}

function run(words: readonly string[], where: Where): Answer {
  const [name = "", ...rest] = words;
  const tool = findTool(name);
  const place = where.host === undefined ? "a server" : "a host";
  if (tool === undefined || (tool.on === "hosts" && where.host === undefined)) {
    return refusal(
      `${place === "a host" ? "A host" : "A server"} has no command ${JSON.stringify(name)}; it has ${toolNames(where.host !== undefined).join(", ")}.`,
    );
  }
  return tool.run(rest, where);
}
