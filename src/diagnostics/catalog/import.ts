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
    explanation: "dvrc does not model it; what it programs on hosts will show as unexpected in a comparison.",
  },
  "adopted-from-hosts": {
    code: "DVRC7010",
    severity: "warning",
    message: "{count} {what} are taken from host dumps: they are chance or history and no rule gives them.",
    explanation:
      "Some of what hosts program depends on the order of past events. Such choices are kept in the lock; flows, rules and routes never are.",
  },
  "dump-unreadable": {
    code: "DVRC7011",
    severity: "warning",
    message: 'Line {line} of "{file}" is not understood: {reason}.',
    explanation: "A dump that breaks off or has been edited cannot be trusted; what is not understood is not compared.",
  },
  "dump-missing": {
    code: "DVRC7012",
    severity: "warning",
    message: 'Host "{host}" has no dumps.',
    explanation: "What only hosts know is allocated by dvrc's own rules there.",
  },
} as const satisfies Record<string, CatalogEntry>;
