import type { CatalogEntry } from "./entry.js";

/** DVRC70xx: what the Networking API answered and hosts dumped. */
export const importEntries = {
  "answer-missing": {
    code: "DVRC7001",
    severity: "error",
    message: 'Folder "{folder}" has no "{file}".',
    help: "Save the body of GET /v2.0/{resource} there.",
    explanation: "A cloud cannot be understood without its networks, subnets, ports, routers and agents.",
  },
  "answer-syntax": {
    code: "DVRC7002",
    severity: "error",
    message: "The answer is not JSON: {reason}.",
    help: "The file may be cut off; fetch it again.",
    explanation: "Answers are the JSON bodies of the Networking API, one file for each resource.",
  },
  "answer-shape": {
    code: "DVRC7003",
    severity: "error",
    message: 'The answer is no list of "{resource}".',
    help: 'It is either an object with the member "{resource}" as the API gives it, or the list alone.',
    explanation: "Answers are the JSON bodies of the Networking API, or lists of what `openstack <resource> show -f json` prints.",
  },
  "answer-columns": {
    code: "DVRC7004",
    severity: "error",
    message: 'The list of "{resource}" has the columns of the openstack client instead of attributes.',
    help: "Use the body of GET /v2.0/{resource}, or gather `openstack ... show -f json` of each.",
    explanation: "`openstack <resource> list` leaves out most attributes; a topology cannot be made from it.",
  },
  "answer-field": {
    code: "DVRC7005",
    severity: "error",
    message: "The {what}'s {field} is not {expected}.",
    explanation: "An attribute that the Networking API always gives is missing or has another type.",
  },
  "answer-duplicate": {
    code: "DVRC7006",
    severity: "error",
    message: "The {what} {id} is listed twice.",
    explanation: "Pages of an answer may have been joined wrongly.",
  },
  "answer-dangling": {
    code: "DVRC7007",
    severity: "error",
    message: "The {what} {id} refers to {target} {targetId}, which the answers do not have.",
    help: "Fetch all resources at one time and with an administrator's rights.",
    explanation: "Without an administrator's rights the API leaves out other projects' resources and all provider attributes.",
  },
  "answer-not-admin": {
    code: "DVRC7008",
    severity: "error",
    message: "The {what} {id} has no {field}.",
    help: "Fetch the answers with an administrator's rights.",
    explanation: "Provider attributes, bindings and the mode of routers are given to administrators only.",
  },
  "left-out": {
    code: "DVRC7009",
    severity: "warning",
    message: "The {what} {id} is left out: {reason}.",
    explanation:
      "dvrc does not model it; what it alone programs on hosts shows as unexpected in a comparison, but for `dvrc diff --api`, which has the answers, too.",
  },
  "dump-unreadable": {
    code: "DVRC7011",
    severity: "warning",
    message: "The line is not understood: {reason}.",
    explanation: "A dump that breaks off or has been edited cannot be trusted; what is not understood is not compared.",
  },
  "dump-missing": {
    code: "DVRC7012",
    severity: "warning",
    message: 'Host "{host}" has no dumps.',
    explanation: "What only hosts know is allocated by dvrc's own rules there.",
  },
  "answers-overwritten": {
    code: "DVRC7013",
    severity: "error",
    message: '"{file}" exists already.',
    help: "Name another file with -o, or overwrite it with --force.",
    explanation: "`dvrc import` never overwrites a topology or a lock that somebody may have edited.",
  },
  "answer-page": {
    code: "DVRC7014",
    severity: "error",
    message: 'The answer is only the first page of "{resource}".',
    help: "Fetch all pages and join their lists, or ask without a limit.",
    explanation: "Where the server limits the length of lists, the answer has a link to the next page.",
  },
  "no-dumps": {
    code: "DVRC7015",
    severity: "error",
    message: 'Folder "{folder}" has no dumps: {reason}.',
    help: "`dvrc collect` prints the script that dumps a host; the folder has one folder for each host.",
    explanation: "Dumps are laid out as by `dvrc collect`, as an artefact tree, or as a sosreport.",
  },
  "dump-left-out": {
    code: "DVRC7016",
    severity: "warning",
    message: '"{path}" is left out: {reason}.',
    explanation: "What stands among dumps and is none is not read, and nothing outside of the folder is.",
  },
  "dump-more-unreadable": {
    code: "DVRC7017",
    severity: "warning",
    message: "From this line on {count} more are not understood.",
    explanation: "The first ones are told one by one.",
  },
  "answer-absent": {
    code: "DVRC7018",
    severity: "warning",
    message: 'Folder "{folder}" has no "{file}": {consequence}.',
    help: "Save the body of GET /v2.0/{resource} there if the cloud has any.",
    explanation: "A cloud can be understood without its floating IPs and security groups, but not compared in full.",
  },
  "agent-dead": {
    code: "DVRC7019",
    severity: "warning",
    message: 'The {type} of host "{host}" is not alive.',
    explanation: "The host keeps what was programmed last: it may be behind what the server knows.",
  },
  "answer-no-hosts": {
    code: "DVRC7020",
    severity: "error",
    message: "The answers have no Open vSwitch agent.",
    help: "Fetch the agents with an administrator's rights.",
    explanation: "A host is one with an Open vSwitch agent; a cloud of another mechanism driver cannot be imported.",
  },
  "answer-differs": {
    code: "DVRC7021",
    severity: "warning",
    message: "The {what} {id} has other {attribute} in the topology than in the answers: {ours}, not {theirs}.",
    explanation:
      "What a cloud has become by past events is not always what its server would make anew; a comparison shows what comes of it.",
  },
  "port-not-answered": {
    code: "DVRC7022",
    severity: "warning",
    message: 'The topology makes "{port}" of {owner}, which the answers do not have.',
    explanation:
      "The server makes such a port for what the topology says; in the cloud it is missing, or was made after the answers were taken.",
  },
} as const satisfies Record<string, CatalogEntry>;
