/** How `iptables -L` is spelt and what it was asked to show. */
export interface ListDialect {
  /** 1.4 is CentOS 7's of Newton's time, 1.8 Debian 12's with the nf_tables back end. */
  readonly version: "1.4" | "1.8";
  /** `iptables` or `ip6tables`. */
  readonly ipVersion: 4 | 6;
  /** `-n`: no names for addresses, ports and, since 1.8, protocols. */
  readonly numeric: boolean;
  /** `-v`: counters and interfaces. */
  readonly verbose: boolean;
  /** `--line-numbers`. */
  readonly lineNumbers: boolean;
}

/** `iptables -L` of 1.8. */
export const plainList: ListDialect = { version: "1.8", ipVersion: 4, numeric: false, verbose: false, lineNumbers: false };
