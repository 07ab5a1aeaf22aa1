import { Option } from "commander";

/** `--host`: a list of hosts, one for each time it is given; every host where it is not. */
export function hostOption(verb: string): Option {
  return new Option("--host <host>", `${verb} this host only; may be given again`)
    .argParser((host: string, hosts: readonly string[]) => [...hosts, host])
    .default([], "every host");
}
