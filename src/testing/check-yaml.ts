import { checkDocument } from "../check/check.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { Topology } from "../model/topology.js";
import { checkShape } from "../read/shape.js";
import { readYaml } from "../read/yaml.js";
import { defaultRelease } from "../releases/index.js";
import type { Release } from "../releases/release.js";
import { defined } from "../base/invariant.js";

/** What `check` makes of a topology in YAML, whose syntax and shape must be right. `name` may be left out, and `hosts`: one network host. */
export function checkYaml(yaml: string, release: Release = defaultRelease): Result<Topology> {
  const hosts = /^ *hosts: *(?:\{|$)/m.test(yaml) ? "" : "hosts:\n  node-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1 }\n";
  const text = `name: test\n${hosts}${undented(yaml)}`;
  const [document] = readYaml({ path: "/topology.yaml", text });
  const [value, shape] = checkShape(defined(document, `document of ${text}`));
  return checkDocument(
    defined(document, "document"),
    defined(value, `value of ${text}: ${JSON.stringify(shape.map(({ message }) => message))}`),
    release,
  );
}

/** A topology in YAML that has no errors. */
export function checkedYaml(yaml: string, release?: Release): Topology {
  const [topology, diagnostics] = checkYaml(yaml, release);
  return defined(topology, `topology without errors (${diagnostics.map(({ message }) => message).join(" ")})`);
}

function undented(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => `${line.slice(indent)}\n`).join("");
}
