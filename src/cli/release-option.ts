import { Option } from "commander";
import { releases } from "../releases/index.js";

/** `--release`: compiles for another release than the topology's own. */
export function releaseOption(): Option {
  return new Option("--release <release>", "compile for this Neutron release instead of the topology's own").choices(
    releases.map(({ name }) => name),
  );
}
