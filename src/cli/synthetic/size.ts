import { InvalidArgumentError } from "commander";

/** How large a synthetic cloud is. */
export interface CloudSize {
  /** Compute hosts; network hosts are a tenth of them more. */
  readonly computeHosts: number;
  readonly servers: number;
}

/** Beyond these the addresses of the plan would run out. */
const mostHosts = 10_000;
const mostServers = 500_000;

/** Reads `50:1000`: compute hosts and servers. Errors: commander's `InvalidArgumentError`. */
export function parseCloudSize(text: string): CloudSize {
  const [, hosts, servers] = /^([1-9]\d{0,5}):(0|[1-9]\d{0,5})$/.exec(text) ?? [];
  if (hosts === undefined || Number(hosts) > mostHosts || Number(servers) > mostServers) {
    throw new InvalidArgumentError(`Write it as H:N, with H compute hosts from 1 to ${mostHosts} and N servers up to ${mostServers}.`);
  }
  return { computeHosts: Number(hosts), servers: Number(servers) };
}
