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

/** Sections of a small cloud: two network hosts, two computes of which one has no way outside, a tenant network and an external one. */
export const cloudYaml = `
hosts:
  network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { ext: br-ex } }
  network-2: { agent_mode: dvr_snat, local_ip: 192.0.2.2, bridge_mappings: { ext: br-ex } }
  compute-1: { agent_mode: dvr, local_ip: 192.0.2.3, bridge_mappings: { ext: br-ex } }
  compute-2: { agent_mode: dvr, local_ip: 192.0.2.4 }
networks:
  blue: { subnets: { blue-v4: { cidr: 10.1.0.0/24 } } }
  public:
    router:external: true
    provider:network_type: flat
    provider:physical_network: ext
    subnets:
      public-v4: { cidr: 203.0.113.0/24, enable_dhcp: false }
      agents-v4: { cidr: 198.51.100.0/24, enable_dhcp: false, service_types: ["network:floatingip_agent_gateway"] }
`;
