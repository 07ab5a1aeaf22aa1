import type { CatalogEntry } from "./entry.js";

/** DVRC1xxx: files, and the syntax of YAML, JSON and TypeScript. */
export const readEntries = {
  "file-not-found": {
    code: "DVRC1001",
    severity: "error",
    message: 'File "{file}" cannot be read: {reason}.',
    explanation: "The entry file, an imported file or a lock is missing or not readable.",
  },
  "unknown-file-type": {
    code: "DVRC1002",
    severity: "error",
    message: 'File "{file}" is neither .ts, .yaml, .yml nor .json.',
    explanation: "The language of a topology is told by the extension of its file.",
  },
  "duplicate-key": {
    code: "DVRC1003",
    severity: "error",
    message: 'Key "{key}" is given twice.',
    explanation: "Of two values of one key only one could count, so YAML forbids it and dvrc forbids it in JSON too.",
  },
  "not-utf-8": {
    code: "DVRC1004",
    severity: "error",
    message: 'File "{file}" is not UTF-8 text: byte {offset} fits no character.',
    help: "Convert the file to UTF-8.",
    explanation: "Topologies and what they import are UTF-8, with or without a byte order mark.",
  },
  "file-too-large": {
    code: "DVRC1005",
    severity: "error",
    message: 'File "{file}" has {size} bytes; dvrc reads up to {limit}.',
    explanation: "A topology of 100,000 servers is far below the limit; what is above it is hardly a topology.",
  },
  "nested-too-deep": {
    code: "DVRC1006",
    severity: "error",
    message: "The value is nested deeper than {limit} levels.",
    explanation: "A topology has fewer than ten levels; a limit keeps hostile files from exhausting the stack.",
  },
  "yaml-syntax": {
    code: "DVRC1007",
    severity: "error",
    message: "The YAML is malformed: {reason}.",
    explanation: "YAML 1.2 with the core schema. The reason is the parser's.",
  },
  "json-syntax": {
    code: "DVRC1008",
    severity: "error",
    message: "The JSON is malformed: {reason}.",
    explanation: "JSON as RFC 8259 has it: no comments, no trailing commas.",
  },
  "alias-bomb": {
    code: "DVRC1009",
    severity: "error",
    message: "The aliases of the YAML expand to more than {limit} values.",
    explanation: "Aliases of aliases grow exponentially: a few lines can stand for more values than memory holds.",
  },
  "several-documents": {
    code: "DVRC1010",
    severity: "error",
    message: "The file has a second YAML document.",
    help: "Put each topology in a file of its own.",
    explanation: "One file is one topology, so a stream of several documents says nothing about which is meant.",
  },
  "not-data": {
    code: "DVRC1011",
    severity: "error",
    message: "The value is {what}, which a topology cannot hold.",
    explanation:
      "A topology is plain data: objects, lists, text, finite numbers, true, false and null, whichever language it is written in.",
  },
  "empty-file": {
    code: "DVRC1012",
    severity: "error",
    message: 'File "{file}" holds no topology.',
    help: "`dvrc init` writes one to start from.",
    explanation: "The file is empty, or has comments only.",
  },
  "typescript-error": {
    code: "DVRC1013",
    severity: "error",
    message: "{message} (TS{number})",
    explanation: "The TypeScript compiler's own message. A reference to a name that the topology does not declare is one of them.",
  },
  "no-default-export": {
    code: "DVRC1014",
    severity: "error",
    message: 'File "{file}" has no default export.',
    help: "Write `export default topology(...)`.",
    explanation: "The topology that a TypeScript file describes is its default export.",
  },
  "topology-throws": {
    code: "DVRC1015",
    severity: "error",
    message: "The topology fails when it is evaluated: {message}.",
    explanation: "A TypeScript topology is a program. It is evaluated to get its data, and this error came out of it.",
  },
  "key-not-text": {
    code: "DVRC1016",
    severity: "error",
    message: "The key is {what}, not text.",
    explanation:
      "Names and attributes are text. YAML reads an unquoted number, true, false or null as such, and lists and objects can be keys there.",
  },
  "undeclared-name": {
    code: "DVRC1017",
    severity: "error",
    message: 'Nothing that is named "{name}" is declared for this attribute.',
    explanation:
      "References of a TypeScript topology are checked by the compiler: each is one of the names that the topology's literals declare, or a computed name, written `ref(name)`, which is checked after evaluation.",
  },
} as const satisfies Record<string, CatalogEntry>;
