import type { Namespace } from "../ir/namespace.js";

/**
 * The kernel parameters of a namespace that change what it does with packets. Names are sysctl(8)'s; a dot in a device name is a slash there.
 *
 * A parameter that is not set has the kernel's default, 0 for all of these but `tcp_loose`.
 */
export class KernelSettings {
  readonly #values: ReadonlyMap<string, string>;

  constructor(namespace: Namespace) {
    this.#values = new Map(namespace.sysctls.map(({ key, value }) => [key, value]));
  }

  /** The value of a parameter; undefined where it is at its default. */
  value(key: string): string | undefined {
    return this.#values.get(key);
  }

  /** True where packets of a version are forwarded. */
  forwards(version: 4 | 6): boolean {
    return version === 4 ? this.#number("net.ipv4.ip_forward") > 0 : this.#number("net.ipv6.conf.all.forwarding") > 0;
  }

  /** 0 answers for any address of the namespace, 1 only for those of the asked device. The larger of `all` and the device's counts. */
  arpIgnore(device: string): number {
    return this.#ofDevice("arp_ignore", device);
  }

  /** 2 asks with the device's own address whatever the packet's source. */
  arpAnnounce(device: string): number {
    return this.#ofDevice("arp_announce", device);
  }

  /** True where the device answers for addresses that it would forward to. */
  proxyArp(device: string): boolean {
    return this.#ofDevice("proxy_arp", device) > 0;
  }

  /** True where the connection tracker takes up TCP connections midway. */
  get looseTcp(): boolean {
    return this.#values.get("net.netfilter.nf_conntrack_tcp_loose") !== "0";
  }

  #ofDevice(name: string, device: string): number {
    const written = device.replaceAll(".", "/");
    return Math.max(this.#number(`net.ipv4.conf.all.${name}`), this.#number(`net.ipv4.conf.${written}.${name}`));
  }

  #number(key: string): number {
    return Number(this.#values.get(key) ?? 0);
  }
}
