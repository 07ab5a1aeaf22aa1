import { readdirSync } from "node:fs";
import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/**
 * Who may import whom: each folder of src and the folders that it may see besides itself. ARCHITECTURE.md says why.
 * A folder that is not listed here fails the lint.
 */
const values = ["base", "net", "source"];
const vocabulary = [...values, "diagnostics", "dsl", "model", "ir"];
const layers = {
  base: [],
  net: ["base"],
  source: ["base"],
  diagnostics: values,
  dsl: values,
  model: values,
  ir: values,
  releases: [...values, "ir"],
  read: [...values, "diagnostics", "dsl", "releases"],
  check: [...vocabulary, "releases"],
  resolve: [...vocabulary, "releases"],
  lower: [...vocabulary, "releases"],
  formats: [...values, "diagnostics", "ir", "releases"],
  emit: [...vocabulary, "formats"],
  virtual: [...vocabulary, "formats"],
  // What import makes is a lock, too: it shares the lock's format and keys with resolve.
  adopt: [...vocabulary, "releases", "formats", "resolve/lock.ts", "resolve/keys.ts"],
  console: [...vocabulary, "releases", "formats", "virtual"],
  audit: [...vocabulary, "releases", "formats", "virtual"],
  graph: [...vocabulary, "virtual"],
  lab: "all but cli",
  testing: "all",
  cli: "all",
};

const folders = readdirSync("src", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const zones = folders.flatMap((folder) => {
  const allowed = layers[folder];
  if (allowed === undefined) throw new Error(`eslint.config.js: src/${folder} has no layer`);
  if (allowed === "all") return [];
  const seen = allowed === "all but cli" ? [...folders.filter((other) => other !== "cli"), "compile.ts", "index.ts"] : [folder, ...allowed];
  return [
    {
      target: `./src/${folder}`,
      from: "./src",
      except: seen.map((name) => `./${name}`),
      message: `src/${folder} may import ${seen.join(", ")} only: see the layers in ARCHITECTURE.md.`,
    },
  ];
});

const releaseName = "/^(newton|zed|2025\\.1|2026\\.1)$/";
const fileSystem = ["fs", "fs/promises", "node:fs", "node:fs/promises"];

export default tseslint.config(
  { ignores: ["dist/", "out/", "coverage/", "golden/errors/", "**/*.generated.*"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"], extensionAlias: { ".js": [".ts", ".js"] } })],
      "import-x/extensions": [".ts", ".js"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Commands are loaded when they are run, and completion asks all of them.
      "import-x/no-cycle": ["error", { allowUnsafeDynamicCyclicDependency: true }],
      "import-x/no-default-export": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_$", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/**/*.test.ts", "src/testing/**"],
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "no-restricted-syntax": [
        "error",
        {
          selector: `Literal[value=${releaseName}]`,
          message: "A release is data: ask release.features or a number of the release. Its name belongs to src/releases.",
        },
        { selector: "TSEnumDeclaration", message: "Write a union of string literals." },
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: fileSystem.map((name) => ({ name, message: "Only read, adopt, emit/write.ts with emit/tree, lab and cli touch files." })),
        },
      ],
      "no-restricted-globals": ["error", { name: "process", message: "Only the command line knows the process." }],
    },
  },
  { files: ["src/releases/**/*.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["src/{read,adopt,lab,cli}/**/*.ts", "src/emit/{write,check}*.ts", "src/emit/{tree,testing}/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  { files: ["src/{lab,cli}/**/*.ts"], rules: { "no-restricted-globals": "off" } },
  { files: ["vitest.config.ts", "examples/**/*.ts", "**/*.d.ts"], rules: { "import-x/no-default-export": "off" } },
  { files: ["**/*.js"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  { files: ["bin/*.js"], languageOptions: { sourceType: "commonjs" } },
);
