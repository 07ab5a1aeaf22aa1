import type { Station } from "../virtual/station.js";
import type { VirtualHost } from "../virtual/virtual-host.js";
import type { World } from "../virtual/world.js";

/** What a console says to a command: what the tool prints and its exit status, or why there is no such thing here. */
export type Answer =
  | { readonly kind: "printed"; readonly text: string; readonly status: number }
  /** One sentence that says what exists instead. */
  | { readonly kind: "refused"; readonly message: string };

/** Whose spelling the tools print in: a release's `tools`. */
export interface ToolDialects {
  readonly trace: "ovs-2.5" | "ovs-3.1";
  readonly iproute: "3.10" | "6.1" | "6.15";
  readonly iptables: "1.4" | "1.8";
}

/** Names that a console understands besides those of the machines. */
export interface SceneNames {
  /** `qrouter-R1`: full names of the namespaces that a shorthand means. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Names of servers and upstream routers. */
  readonly machines: readonly string[];
}

/** Where a command runs. */
export interface Where {
  readonly world: World;
  readonly names: SceneNames;
  readonly dialects: ToolDialects;
  /** Undefined on servers. */
  readonly host: VirtualHost | undefined;
  /** The namespace, or the server itself. Undefined in the host's own namespace. */
  readonly station: Station | undefined;
  /** Runs another command in the same place or in another: `ip netns exec`. */
  readonly run: (words: readonly string[], where: Where) => Answer;
}

/** A command of the consoles. */
export interface Tool {
  readonly name: string;
  /** Where it is found. */
  readonly on: "hosts" | "everywhere";
  /** Answers the command; `words` leave out its own name. */
  readonly run: (words: readonly string[], where: Where) => Answer;
}

/** What a tool printed: lines, each with its end. */
export function printed(lines: readonly string[], status = 0): Answer {
  return { kind: "printed", text: lines.map((line) => `${line}\n`).join(""), status };
}

/** There is no such thing here. */
export function refusal(message: string): Answer {
  return { kind: "refused", message };
}

/** `"a", "b" and "c"`, or what to say of none. */
export function listed(names: Iterable<string>, none = "none"): string {
  const quoted = [...names].map((name) => JSON.stringify(name));
  const last = quoted.pop();
  if (last === undefined) return none;
  return quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
}
