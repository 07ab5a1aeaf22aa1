import ts from "typescript";
import { expect, it } from "vitest";

const folder = new URL(".", import.meta.url).pathname;
const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ["lib.es2022.d.ts"],
  types: [],
};
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The errors of a module in this folder: the text they stand at, and the message's first line. */
function errorsOf(text: string): { readonly at: string; readonly message: string }[] {
  const name = `${folder}snippet.ts`;
  const host = ts.createCompilerHost(options, true);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) => {
    if (file === name) return ts.createSourceFile(file, text, version, true);
    if (!parsed.has(file)) parsed.set(file, getSourceFile(file, version));
    return parsed.get(file);
  };
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (file) => file === name || fileExists(file);
  const program = ts.createProgram([name], options, host);
  const snippet = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(snippet), ...program.getSemanticDiagnostics(snippet)].map((error) => ({
    at: text.slice(error.start ?? 0, (error.start ?? 0) + (error.length ?? 0)),
    message: ts.flattenDiagnosticMessageText(error.messageText, "\n").split("\n")[0] ?? "",
  }));
}

const imports = 'import { ref, topology } from "./topology.js";\n';

it("takes a topology whose every reference is declared", () => {
  const errors = errorsOf(`${imports}
    export default topology({
      name: "pets",
      agent: { firewall_driver: "noop" },
      hosts: {
        net: { agent_mode: "dvr_snat", local_ip: "192.0.2.1", bridge_mappings: { outer: "br-ex" } },
        "com-1": { agent_mode: "dvr", local_ip: "192.0.2.2" },
      },
      aggregates: { left: { availability_zone: "az-left", hosts: ["com-1"] } },
      address_scopes: { scope: {} },
      networks: {
        cats: { ipv4_address_scope: "scope", subnets: { "cats-v4": { cidr: "10.9.0.0/24", gateway_ip: null } } },
        dogs: { subnets: { "dogs-v4": { cidr: "10.8.0.0/24" } } },
        outer: { "router:external": true, "provider:network_type": "flat", "provider:physical_network": "outer" },
      },
      routers: {
        R: { interfaces: ["cats-v4", "dogs/dogs-v4", { subnet: "cats-v4", network: "cats" }, { port: "door" }], external_gateway: "outer", host: "net" },
        S: { external_gateway_info: { network: "outer", enable_snat: false } },
      },
      ports: { door: { network: "dogs", fixed_ips: [{ subnet: "dogs-v4" }], security_groups: ["default"] } },
      servers: {
        tom: { availability_zone: "az-left", networks: ["cats", { port: "door" }], floating_ip: true, security_groups: ["web"] },
        rex: { availability_zone: "nova", networks: [{ network: "dogs", subnet: "dogs-v4" }], security_groups: ["default"] },
      },
      floating_ips: { front: { network: "outer", server: "tom" }, back: { port: "door" } },
      address_groups: { offices: { addresses: ["192.0.2.0/24"] } },
      security_groups: {
        web: { rules: [{ protocol: "tcp", port: 22, remote_group: "default" }, { remote_group: "web" }, { remote_address_group: "offices" }] },
      },
    });`);
  expect(errors).toEqual([]);
});

it("reports every misspelt reference once, at its string, and says which name was meant", () => {
  const errors = errorsOf(`${imports}
    export default topology({
      name: "pets",
      hosts: { "com-1": { agent_mode: "dvr" }, "com-2": { agent_mode: "dvr" } },
      aggregates: { left: { availability_zone: "az-left", hosts: ["com-3"] } },
      address_scopes: { scope: {} },
      networks: {
        cats: { ipv4_address_scope: "scoop", subnets: { "cats-v4": { cidr: "10.9.0.0/24" } } },
        dogs: { subnets: { "dogs-v4": { cidr: "10.8.0.0/24" } } },
      },
      routers: { R: { interfaces: ["cats-v5", { subnet: "cats-v6" }, "dogs/cats-v4"], external_gateway: "cat", host: "com-4" } },
      ports: { door: { network: "dog", fixed_ips: [{ subnet: "dogs-v6" }], security_groups: ["wib"] } },
      servers: { tom: { availability_zone: "az-leftt", networks: ["catz", { network: "dogz" }, { port: "doors" }], security_groups: ["wub"] } },
      floating_ips: { front: { server: "tomm" } },
      address_groups: { offices: { addresses: [] } },
      security_groups: { web: { rules: [{ remote_group: "webs" }, { remote_address_group: "office" }] } },
    });`);
  expect(errors.map(({ at }) => at)).toEqual([
    '"com-3"',
    "ipv4_address_scope",
    '"cats-v5"',
    "subnet",
    '"dogs/cats-v4"',
    "external_gateway",
    "host",
    "network",
    "subnet",
    '"wib"',
    "availability_zone",
    '"catz"',
    "network",
    "port",
    '"wub"',
    "server",
    "remote_group",
    "remote_address_group",
  ]);
  expect(errors[2]?.message).toMatch(/Did you mean '"cats-v4"'\?$/);
  expect(errors[8]?.message).toBe(
    `Type '"dogs-v6"' is not assignable to type 'Computed | "cats-v4" | "dogs-v4" | "cats/cats-v4" | "dogs/dogs-v4"'. Did you mean '"dogs-v4"'?`,
  );
});

it("reports an unknown attribute at its key", () => {
  const errors = errorsOf(`${imports}
    export default topology({ name: "pets", hosts: { one: { agent_mode: "dvr", local_ipp: "192.0.2.1" } } });`);
  expect(errors).toEqual([
    {
      at: "local_ipp",
      message:
        "Object literal may only specify known properties, but 'local_ipp' does not exist in type 'HostDocument'. Did you mean to write 'local_ip'?",
    },
  ]);
});

it("refuses names of sections that are not there", () => {
  const errors = errorsOf(`${imports}
    export default topology({
      name: "pets",
      hosts: { one: { agent_mode: "dvr" } },
      routers: { R: { interfaces: ["cats-v4"] } },
      servers: { tom: { availability_zone: "az-left", networks: ["cats"], security_groups: ["web"] } },
    });`);
  expect(errors.map(({ at }) => at)).toEqual(['"cats-v4"', "availability_zone", '"cats"', '"web"']);
});

it("takes sections that are wholly computed, and literal references into them", () => {
  const errors = errorsOf(`${imports}
    const numbers = [1, 2, 3];
    export default topology({
      name: "herd",
      hosts: Object.fromEntries(numbers.map((n) => [\`com-\${n}\`, { agent_mode: "dvr" as const, local_ip: \`192.0.2.\${n}\` }])),
      networks: Object.fromEntries(numbers.map((n) => [\`net-\${n}\`, { subnets: { [\`sub-\${n}\`]: { cidr: \`10.0.\${n}.0/24\` } } }])),
      routers: { R: { interfaces: ["sub-1", "net-2/sub-2"] } },
      servers: Object.fromEntries(numbers.map((n) => [\`vm-\${n}\`, { host: \`com-\${n}\`, networks: [\`net-\${n}\`] }])),
    });`);
  expect(errors).toEqual([]);
});

it("takes a computed reference beside literal declarations only by ref()", () => {
  const text = (reference: string) => `${imports}
    const names: string[] = ["cats"];
    export default topology({
      name: "pets",
      hosts: { one: { agent_mode: "dvr" } },
      networks: { cats: {} },
      servers: { tom: { networks: names.map((name) => ${reference}) } },
    });`;
  expect(errorsOf(text("ref(name)"))).toEqual([]);
  expect(errorsOf(text("name")).map(({ at }) => at)).toEqual(["networks"]);
});

it("has the attributes of the schema: the checked input and the document are assignable to each other", () => {
  const errors = errorsOf(`
    import type { TopologyInput } from "./topology.js";
    import type { TopologyDocument } from "./types.generated.js";
    type Open = TopologyInput<string, string, string, Record<string, Record<string, unknown>>, string, string, string, string>;
    type Sections<T> = { [K in keyof T]-?: NonNullable<T[K]> extends { readonly [name: string]: infer Resource } ? keyof Resource : keyof NonNullable<T[K]> };
    type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
    export const assignable: Equal<Open, TopologyDocument> = true;
    export const sameSections: Equal<keyof Open, keyof TopologyDocument> = true;
    export const sameKeys: Equal<Sections<Required<Open>>, Sections<Required<TopologyDocument>>> = true;
  `);
  expect(errors).toEqual([]);
});
