import type { CatalogEntry } from "./entry.js";

/** 605x: the command line. */
export const commandLineEntries = {
  "unknown-host-option": {
    code: "DVRC6051",
    severity: "error",
    message: 'The topology has no host "{host}".',
    explanation: "`--host` names a key of the topology's `hosts`.",
  },
  "lock-would-change": {
    code: "DVRC6052",
    severity: "error",
    message: 'Lock "{lock}" would change: {changes}.',
    help: "Run it where the lock may change, and commit the lock: {command} --no-frozen",
    explanation:
      "With `--frozen`, the default where `CI` is set, a build only uses allocations that the lock has: a machine that cannot commit the lock would lose what it allocates.",
  },
  "lock-not-writable": {
    code: "DVRC6067",
    severity: "error",
    message: 'Lock "{lock}" cannot be written: {reason}.',
    help: "Build where the topology's folder can be written, or with a lock that has every allocation.",
    explanation:
      "A build keeps what it allocates in the lock beside the topology; without it the next build could allocate something else.",
  },
  "not-in-a-tree": {
    code: "DVRC6053",
    severity: "error",
    message: '"{file}" is not in an artefact tree: no manifest.json of dvrc is above it.',
    explanation: "`dvrc explain` compiles the host again, and the tree's manifest tells from which topology and for which release.",
  },
  "no-such-artefact": {
    code: "DVRC6054",
    severity: "error",
    message: 'The topology as it is now does not make "{artefact}".',
    explanation: "The artefact is of a host or a namespace that the topology no longer has; `dvrc build` brings the tree up to date.",
  },
  "no-such-line": {
    code: "DVRC6055",
    severity: "error",
    message: '"{artefact}" has no line {line}; it has {count}.',
    explanation: "Lines count from 1.",
  },
  "unknown-schema-section": {
    code: "DVRC6056",
    severity: "error",
    message: 'The topology language has no section "{section}".',
    explanation: "A section is named by its title or its path: `dvrc schema` prints all of them.",
  },
  "file-exists": {
    code: "DVRC6057",
    severity: "error",
    message: '"{file}" exists already.',
    help: "Name another folder, or remove the file.",
    explanation: "`dvrc init` never overwrites a file.",
  },
  "system-refused": {
    code: "DVRC6058",
    severity: "error",
    message: '"{path}" cannot be used: {reason}.',
    explanation: "The operating system refused to open, read, write or rename a file or a folder.",
  },
  "out-of-memory": {
    code: "DVRC6068",
    severity: "error",
    message: "The memory that Node.js may use is used up.",
    help: "Let it use more, as with NODE_OPTIONS=--max-old-space-size=8192, or split the build: --shard.",
    explanation:
      "A build keeps the whole topology in memory, its lock, and what its hosts choose. Node.js has a limit of its own, whatever memory the machine has.",
  },
  "unknown-release": {
    code: "DVRC6059",
    severity: "error",
    message: 'Release "{release}" is not known; dvrc knows {known}.',
    explanation: "`--release` names one of the Neutron releases that dvrc has the facts of.",
  },
  "no-topology": {
    code: "DVRC6061",
    severity: "error",
    message: 'Folder "{folder}" has no topology.ts, topology.yaml, topology.yml or topology.json.',
    help: "Name the file of the topology, or make one: dvrc init.",
    explanation: "Where no file is named, dvrc takes the topology of the working folder.",
  },
  "several-topologies": {
    code: "DVRC6060",
    severity: "error",
    message: 'Folder "{folder}" has several topologies: {files}.',
    help: "Name the one that is meant.",
    explanation: "Where no file is named, dvrc takes the topology of the working folder, if there is only one.",
  },
  "console-refused": {
    code: "DVRC6062",
    severity: "error",
    message: "{answer}",
    explanation:
      "A virtual host answers the commands by which engineers look at DVR; the sentence says which hosts, namespaces, bridges or commands exist.",
  },
  "unknown-trace-end": {
    code: "DVRC6063",
    severity: "error",
    message: 'A trace cannot {verb} "{name}"; machines are {machines}.',
    explanation: "A trace goes from a server, or from the upstream router of an external network, to a server or an address.",
  },
  "no-trace-address": {
    code: "DVRC6064",
    severity: "error",
    message: '"{to}" has no address of an IP version that "{from}" has.',
    explanation: "A packet needs a source and a destination of one IP version.",
  },
  "runbook-block": {
    code: "DVRC6065",
    severity: "error",
    message: "The console block is wrong: {reason}.",
    explanation: "A console block of a runbook begins with a fence that says `console` and a machine's name, and ends with one.",
  },
  "nothing-to-leave-out": {
    code: "DVRC6066",
    severity: "error",
    message: '"{place}" is no line of programmed state.',
    help: "Name a line of a flow, rule, route, neighbour, iptables or sysctl file, such as compute-1/br-tun.flows:7.",
    explanation: "`--without` asks what happens if one flow, rule, route, neighbour or kernel parameter were gone.",
  },
} as const satisfies Record<string, CatalogEntry>;
