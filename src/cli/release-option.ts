import { Option } from "commander";
import { releases } from "../releases/index.js";

/** `--release`: another release than the topology's own. `purpose` begins the sentence that help prints. */
export function releaseOption(purpose = "compile for this Neutron release instead of the topology's own"): Option {
  return new Option("--release <release>", purpose).choices(releases.map(({ name }) => name));
}
