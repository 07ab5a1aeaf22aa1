import process from "node:process";
import { mayMakeNamespaces, missingPrograms } from "../src/lab/requirements.js";

/** After `npm test`: one line about the tests that it leaves to others, and what those lack on this machine. */
const testPrograms = new Map([
  ["tcpdump", "tcpdump"],
  ["ansible-playbook", "ansible-core"],
]);

const { programs, packages } = missingPrograms(testPrograms);
const lacking = [
  ...(mayMakeNamespaces() ? [] : ["root"]),
  ...(programs.length === 0 ? [] : [`${programs.join(", ")} (apt-get install -y --no-install-recommends ${packages.join(" ")})`]),
];
const needs = lacking.length === 0 ? "" : `, which need ${lacking.join(" and ")}`;
process.stdout.write(
  `Not run: the longest tests, npm run test:thorough, and those with real tools and labs, npm run test:tools${needs}.\n`,
);
