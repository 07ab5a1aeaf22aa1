import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { afterAll, expect, it, onTestFinished, vi } from "vitest";
import type { Result } from "../diagnostics/diagnostic.js";
import type { SourceDocument } from "../source/document.js";
import { expectSlugs } from "../testing/expect-diagnostics.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { readTopology } from "./read.js";

const root = mkdtempSync(join(tmpdir(), "dvrc-read-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

/** Reads `topology.ts` of a new folder with these files. */
function read(files: Readonly<Record<string, string>> | string): Promise<Result<SourceDocument>> {
  const folder = join(root, String(count++));
  for (const [name, text] of Object.entries(typeof files === "string" ? { "topology.ts": files } : files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return readTopology(join(folder, "topology.ts"));
}

async function valueOf(files: Readonly<Record<string, string>> | string): Promise<unknown> {
  const [document, diagnostics] = await read(files);
  expect(formatDiagnostics(diagnostics, { cwd: root })).toBe("");
  return document?.value;
}

/** The diagnostics as text, with paths within the folder. */
async function errorsOf(files: Readonly<Record<string, string>> | string): Promise<string> {
  const [document, diagnostics] = await read(files);
  expect(document).toBeUndefined();
  return formatDiagnostics(diagnostics, { cwd: join(root, String(count - 1)) });
}

/** The file and text that pointers lead to, "in" where not exactly. */
async function located(files: Readonly<Record<string, string>> | string, ...pointers: string[]): Promise<string[]> {
  const [document, diagnostics] = await read(files);
  expect(diagnostics).toEqual([]);
  return pointers.map((pointer) => {
    const key = pointer.endsWith("#");
    const { span, exact } = document?.locate(key ? pointer.slice(0, -1) : pointer, key ? "key" : "value") ?? expect.fail("no document");
    const file = relative(join(root, String(count - 1)), span.source.path);
    return `${file === "topology.ts" ? "" : `${file}: `}${exact ? "" : "in "}${span.source.text.slice(span.start, span.end)}`;
  });
}

const minimal = 'hosts: { one: { agent_mode: "dvr" } }';

it("evaluates a topology with loops, helpers and top-level await", async () => {
  const value = await valueOf(`
    import { ref, topology } from "dvrc";
    const numbers: readonly number[] = await Promise.resolve([1, 2]);
    const name = (n: number): string => \`vm-\${n}\`;
    export default topology({
      name: "herd",
      ${minimal},
      networks: { pasture: {} },
      servers: Object.fromEntries(numbers.map((n) => [name(n), { host: ref("one"), networks: [ref("pasture")] }])),
    });`);
  expect(value).toEqual({
    name: "herd",
    hosts: { one: { agent_mode: "dvr" } },
    networks: { pasture: {} },
    servers: { "vm-1": { host: "one", networks: ["pasture"] }, "vm-2": { host: "one", networks: ["pasture"] } },
  });
});

it("imports other files with any extension, JSON, Node's modules and packages, in ES modules' order", async () => {
  const value = await valueOf({
    "package.json": '{ "type": "commonjs" }',
    "topology.ts": `
      import { readFileSync } from "node:fs";
      import { join } from "path";
      import * as nets from "./lib/nets.js";
      import hosts from "./hosts.json" with { type: "json" };
      import { order } from "./order.ts";
      import plain, { half } from "./plain.js";
      import breed, { count } from "breeds";
      import type { Order } from "./order.js";
      const text = readFileSync(new URL("./note.txt", import.meta.url), "utf8") + readFileSync(join(import.meta.dirname, "note.txt"), "utf8");
      const late = await import("./late.js");
      const all: Order = [...order, "topology"];
      export default { name: [text, plain, half, breed, count, late.default, ...all].join(" "), hosts, networks: nets.networks };`,
    "lib/nets.ts":
      'import { order } from "../order.js";\norder.push("nets");\nexport const networks = { cats: {} };\nexport { half } from "../plain.js";',
    "order.ts": "export type Order = string[];\nexport const order: Order = [];",
    "hosts.json": '{ "one": { "agent_mode": "dvr" } }',
    "plain.js": "export const half = 1 / 2;\nexport default 'plain';",
    "late.ts": 'import { order } from "./order.js";\norder.push("late");\nexport default "late";',
    "note.txt": "note",
    "node_modules/breeds/package.json": '{ "type": "module", "exports": { "import": "./index.js" } }',
    "node_modules/breeds/index.js": "export default 'manx';\nexport const count = 3;",
  });
  expect(value).toEqual({
    name: "notenote plain 0.5 manx 3 late nets late topology",
    hosts: { one: { agent_mode: "dvr" } },
    networks: { cats: {} },
  });
});

it("sends what the code logs to standard error", async () => {
  const [out, err] = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write").mockReturnValue(true)];
  onTestFinished(() => [out, err].forEach((spy) => spy.mockRestore()));
  await valueOf('console.log("hello");\nexport default {};');
  expect(err.mock.calls.map(([text]) => text)).toEqual(["hello\n"]);
  expect(out.mock.calls).toEqual([]);
});

it("evaluates modules that import each other", async () => {
  const value = await valueOf({
    "topology.ts": 'import { even } from "./even.js";\nexport default { even: even(4) };',
    "even.ts": 'import { odd } from "./odd.js";\nexport function even(n: number): boolean { return n === 0 || odd(n - 1); }',
    "odd.ts": 'import { even } from "./even.js";\nexport function odd(n: number): boolean { return n !== 0 && even(n - 1); }',
  });
  expect(value).toEqual({ even: true });
});

it("gives a file's present content when it is read again", async () => {
  const path = join(root, "again.ts");
  for (const name of ["first", "second"]) {
    writeFileSync(path, `export default { name: "${name}" };`);
    expect((await readTopology(path))[0]?.value).toEqual({ name });
  }
});

it("reports misspelt references at their strings, in every file, with the compiler's suggestion", async () => {
  const errors = await errorsOf({
    "topology.ts": `import { topology } from "dvrc";
import { mtu } from "./mtu.js";
export default topology({
  name: "pets",
  ${minimal},
  networks: { cats: { mtu, subnets: { "cats-v4": { cidr: "10.9.0.0/24" } } } },
  routers: { R: { interfaces: ["cats-v5"], external_gateway: "catz" } },
});
`,
    "mtu.ts": 'export const mtu: number = "large";\n',
  });
  expect(errors).toBe(`mtu.ts:1:14 - error DVRC1013 typescript-error: Type 'string' is not assignable to type 'number'. (TS2322)
  1 | export const mtu: number = "large";
    |              ^^^
topology.ts:7:32 - error DVRC1017 undeclared-name: Nothing that is named "cats-v5" is declared for this attribute.
  7 |   routers: { R: { interfaces: ["cats-v5"], external_gateway: "catz" } },
    |                                ^^^^^^^^^
  help: Did you mean "cats-v4"?
topology.ts:7:62 - error DVRC1017 undeclared-name: Nothing that is named "catz" is declared for this attribute.
  7 |   routers: { R: { interfaces: ["cats-v5"], external_gateway: "catz" } },
    |                                                              ^^^^^^
  help: Did you mean "cats"?
`);
});

it("reports errors of syntax alone, and a module that is not there", async () => {
  expect(await errorsOf("export default { name: , };\nconst x: number = '';\n")).toMatch(
    /^topology\.ts:1:24 - error DVRC1013 typescript-error: Expression expected\. \(TS1109\)\n/,
  );
  expect(await errorsOf('import { x } from "./nowhere.js";\nexport default { x };\n')).toMatch(
    /^topology\.ts:1:19 - .* Cannot find module '\.\/nowhere\.js'/,
  );
});

it("reports what the code throws at its place in the source, without a stack trace", async () => {
  const errors = await errorsOf({
    "topology.ts": 'import { pick } from "./pick.js";\n\nexport default { name: pick([]) };\n',
    "pick.ts": `type Names = readonly string[];

export function pick(names: Names): string {
  const first: string | undefined = names[0];
  if (first === undefined) throw new Error("no name is left.\\n    at nowhere:1:1");
  return first;
}
`,
  });
  expect(errors)
    .toBe(`pick.ts:5:34 - error DVRC1015 topology-throws: The topology fails when it is evaluated: no name is left.\\n    at nowhere:1:1.
  5 |   if (first === undefined) throw new Error("no name is left.\\n    at nowhere:1:1");
    |                                  ^^^
`);
  expect(await errorsOf("const x: any = undefined;\nexport default x.y.z;\n")).toMatch(
    /^topology\.ts:2:18 - .* TypeError: Cannot read properties of undefined/,
  );
  expect(await errorsOf("throw 'tea';\nexport default {};\n")).toMatch(/^topology\.ts:2:1 - .* evaluated: tea\.\n/);
  expect(
    await errorsOf('import "./late.js";\nexport default {};\n'.replace('import "./late.js"', 'await Promise.reject(new Error("late"))')),
  ).toMatch(/^topology\.ts:1:22 - .* late\.\n/);
  expect(await errorsOf('export default { get name(): string { throw new Error("no name"); } };\n')).toMatch(
    /^topology\.ts:1:45 - .* no name\.\n/,
  );
});

it("reports a missing default export", async () => {
  expect(await errorsOf("export const topology = {};\n")).toBe(
    'topology.ts:1:1 - error DVRC1014 no-default-export: File "topology.ts" has no default export.\n  1 | export const topology = {};\n    | ^\n  help: Write `export default topology(...)`.\n',
  );
});

it("reports what is no plain data, each at its place", async () => {
  const errors = await errorsOf(`class Cat {}
const loop: { self?: unknown } = {};
loop.self = loop;
export default {
  f: () => 1,
  u: undefined,
  n: [0 / 0, 1 / 0],
  b: 1n,
  s: Symbol("s"),
  c: new Cat(),
  m: new Map(),
  loop,
  fine: { null: null, [Symbol.iterator.toString()]: 1 },
};
`);
  expect(
    [...errors.matchAll(/^topology\.ts:(\d+:\d+) - .*The value is (.*),/gm)].map(([, place = "", what = ""]) => `${place} ${what}`),
  ).toEqual([
    "5:6 a function",
    "6:6 undefined",
    "7:7 not a number",
    "7:14 infinite",
    "8:6 a bigint",
    "9:6 a symbol",
    "10:6 an instance of Cat",
    "11:6 an instance of Map",
    "12:3 a part of itself",
  ]);
  expectSlugs(
    await read("let deep: unknown = 1;\nfor (let i = 0; i < 100000; i++) deep = [deep];\nexport default deep;\n"),
    "nested-too-deep",
  );
  expectSlugs(await read("export default () => ({});\n"), "not-data");
});

it("keeps a key named __proto__ as a key", async () => {
  const value = (await valueOf('export default JSON.parse(\'{"__proto__": {"polluted": true}}\');')) as object;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it("knows where literal members are written, through constants, imports, spreads and wrappers", async () => {
  const places = await located(
    {
      "topology.ts": `import { topology } from "dvrc";
import hosts from "./hosts.json" with { type: "json" };
import { cats, extra } from "./nets.js";
import * as nets from "./nets.js";
const cidr = "10.8.0.0/24";
const key = "keyed";
const common = { shared: true, mtu: 1400 } as const;
const t = {
  name: "pets",
  networks: {
    cats,
    "a/b": { ...common, mtu: 1500, subnets: { s: { cidr } } },
    [key]: nets.dogs,
    ...extra,
  },
  routers: { R: { interfaces: ["s", ...nets.names, ("last" as string)] } },
} satisfies object;
export default topology({ ...t, hosts: hosts as any } as any);
`,
      "nets.ts":
        'export const cats = { subnets: { c: { cidr: "10.9.0.0/24" } } };\nexport const dogs = { mtu: 9000 };\nexport const extra = { birds: { shared: false } };\nexport const names = ["x", "y"];\n',
      "hosts.json": '{ "one": { "agent_mode": "dvr" } }',
    },
    "/name",
    "/networks/cats#",
    "/networks/cats",
    "/networks/cats/subnets/c/cidr",
    "/networks/a~1b#",
    "/networks/a~1b/mtu",
    "/networks/a~1b/shared",
    "/networks/a~1b/subnets/s/cidr",
    "/networks/keyed/mtu",
    "/networks/birds/shared",
    "/routers/R/interfaces/0",
    "/routers/R/interfaces/2",
    "/routers/R/interfaces/3",
    "/hosts/one/agent_mode",
  );
  expect(places).toEqual([
    '"pets"',
    "cats",
    "cats",
    'nets.ts: "10.9.0.0/24"',
    '"a/b"',
    "1500",
    "true",
    "cidr",
    "nets.ts: 9000",
    "nets.ts: false",
    '"s"',
    'nets.ts: "y"',
    '"last"',
    'hosts.json: "dvr"',
  ]);
});

it("places computed values at the nearest expression that encloses them, and says so", async () => {
  const places = await located(
    `const make = (n: number) => ({ ["net-" + n]: { mtu: n } });
const more: Record<string, object> = { z: { a: 1 } };
let shifting = { mtu: 1 };
export default {
  networks: make(1),
  ports: { ...make(2), fixed: { mtu: 3 } },
  servers: { known: { mtu: 4 }, ...make(5) },
  shifting,
  list: [...Object.keys(more), "end"],
};
`,
    "/networks",
    "/networks/net-1/mtu",
    "/ports/net-2/mtu",
    "/ports/fixed/mtu",
    "/servers/known",
    "/servers/net-5",
    "/shifting/mtu",
    "/list/0",
    "/absent/x",
  );
  expect(places).toEqual([
    "make(1)",
    "in make(1)",
    "in make(2)",
    "3",
    "in { mtu: 4 }",
    "in make(5)",
    "in shifting",
    'in [...Object.keys(more), "end"]',
    expect.stringMatching(/^in \{\n {2}networks/),
  ]);
});

it("lists every file that took part, the entry first", async () => {
  const [document] = await read({
    "topology.ts": 'import { a } from "./a.js";\nimport b from "./b.json";\nexport default { a, b };',
    "a.ts": "export const a = 1;",
    "b.json": "1",
  });
  expect(document?.inputs.map(({ path }) => relative(join(root, String(count - 1)), path))).toEqual(["topology.ts", "a.ts", "b.json"]);
});

it.each([
  ["an error whose message is no text", "throw Object.assign(new Error(), { message: 5 });\n", "evaluated: 5."],
  [
    "values that share values without end",
    "let a: object = {};\nfor (let i = 0; i < 40; i++) a = { a, b: a };\nexport default a;\n",
    "one of more than 5000000",
  ],
  [
    "a list that is larger than memory",
    "const hosts: string[] = [];\nhosts.length = 4294967295;\nexport default { hosts };\n",
    "one of more than 5000000",
  ],
  [
    "an error that throws when it is read",
    "class Odd extends Error {\n  override get message(): never {\n    throw 1;\n  }\n}\nthrow new Odd();\n",
    "no Error",
  ],
  ["brackets beyond the compiler's stack", `export default ${"[".repeat(300_000)};\n`, "1:80 - error DVRC1006"],
])("refuses %s", async (_, text, what) => {
  expect(await errorsOf(text)).toContain(what);
});
