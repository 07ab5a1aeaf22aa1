import type { Device } from "../ir/namespace.js";
import { cidrAddress, cidrLength, cidrNetwork, cidrVersion } from "../net/cidr.js";
import { type Ip, isIpv4 } from "../net/ip.js";
import type { Mac } from "../net/mac.js";
import type { IpStack } from "./ip-stack.js";
import {
  arpReply,
  arpRequest,
  duplicateDetection,
  gratuitousArp,
  neighbourAdvertisement,
  neighbourSolicitation,
  routerSolicitation,
} from "./link-layer.js";
import { type ArpMessage, describeFrame, type Frame, type IpPacket, type NeighbourMessage, ndType } from "./packet.js";
import type { Decision, Ending, Span } from "./trail.js";

/**
 * ARP and neighbour discovery of a stack: whom it answers, what it learns, what it asks and announces.
 *
 * Source: Linux `net/ipv4/arp.c` with arp_ignore, arp_announce and proxy_arp of sysctl(8); RFC 826, RFC 4861.
 */
export class LinkProtocols {
  constructor(readonly stack: Pick<IpStack, "namespace" | "surroundings" | "settings" | "fib" | "neighbours" | "devices">) {}

  /**
   * Says what devices say when they come up: the kernel's duplicate address detection and router solicitations, and the gratuitous ARP that
   * Neutron's L3 agent sends for each address that it sets.
   *
   * Source: Neutron `ip_lib.send_ip_addr_adv_notif`; RFC 4861, RFC 4862.
   */
  announce(): void {
    const { kind } = this.stack.namespace;
    const agentAnnounces = kind === "qrouter" || kind === "snat" || kind === "fip";
    for (const device of this.stack.devices.values()) {
      if (device.type.kind === "loopback") continue;
      for (const { cidr } of device.addresses) {
        const address = cidrAddress(cidr);
        if (isIpv4(address)) {
          if (agentAnnounces) this.#say(device, gratuitousArp(device, address));
        } else {
          this.#say(device, duplicateDetection(device, address));
          if (!this.stack.settings.forwards(6) && address.startsWith("fe80:")) this.#say(device, routerSolicitation(device, address));
        }
      }
    }
  }

  #say(device: Device, frame: Frame): void {
    this.stack.surroundings.transmit(device, frame, this.stack.surroundings.trail.begin(describeFrame(frame)));
  }

  receiveArp(device: Device, message: ArpMessage, broadcast: boolean, span: Span): void {
    if (message.operation === 2 || message.senderIp === message.targetIp) {
      this.stack.neighbours.answered(device.name, message.senderIp, message.senderMac, message.operation === 2 && !broadcast);
      return this.#end(span, "delivered", `${device.name} notes ${message.senderIp} at ${message.senderMac}`, undefined);
    }
    const why = this.#answersArp(device, message);
    if (why === undefined) return this.#end(span, "ignored", `${message.targetIp} is not asked for here`, undefined);
    this.stack.neighbours.heard(device.name, message.senderIp, message.senderMac);
    this.#end(span, "delivered", `answers for ${message.targetIp}`, why);
    const reply = arpReply(device, message);
    this.stack.surroundings.transmit(device, reply, this.stack.surroundings.trail.begin(describeFrame(reply), span));
  }

  #answersArp(device: Device, message: ArpMessage): Decision | undefined {
    const owner = this.stack.fib.deviceOf(message.targetIp);
    if (owner !== undefined) {
      const answers = owner.name === device.name || this.stack.settings.arpIgnore(device.name) === 0;
      return answers ? { kind: "local-address", address: message.targetIp } : undefined;
    }
    if (!this.stack.settings.forwards(4) || !this.stack.settings.proxyArp(device.name)) return undefined;
    const route = this.stack.fib.lookup({ source: message.senderIp, destination: message.targetIp, inDevice: device.name, mark: 0 });
    if (route.kind !== "forward" || route.hop.dev === device.name) return undefined;
    return { kind: "sysctl", key: `net.ipv4.conf.${device.name}.proxy_arp` };
  }

  receiveNd(device: Device, packet: IpPacket, message: NeighbourMessage, from: Mac, span: Span): void {
    if (message.type === ndType.advertisement) {
      const { target, solicited, override } = message;
      this.stack.neighbours.answered(device.name, target, message.linkAddress ?? from, solicited, override);
      return this.#end(span, "delivered", `${device.name} notes ${message.target} at ${message.linkAddress ?? from}`, undefined);
    }
    if (message.type !== ndType.solicitation) return this.#end(span, "ignored", "not modelled", undefined);
    const isOwn = this.stack.fib.deviceOf(message.target)?.name === device.name;
    if (!isOwn && !this.#isAnycast(device, message.target)) {
      return this.#end(span, "ignored", `${message.target} is not asked for here`, undefined);
    }
    if (packet.source === "::") return this.#end(span, "dropped", "a duplicate address", undefined);
    if (message.linkAddress !== undefined) this.stack.neighbours.heard(device.name, packet.source, message.linkAddress);
    this.#end(span, "delivered", `answers for ${message.target}`, { kind: "local-address", address: message.target });
    const reply = neighbourAdvertisement(device, packet, message, from, isOwn);
    this.stack.surroundings.transmit(device, reply, this.stack.surroundings.trail.begin(describeFrame(reply), span));
  }

  /** Every router has the first address of its subnets, which may be one router's own, too. Source: RFC 4291, 2.6.1; Linux `addrconf_join_anycast`. */
  #isAnycast({ addresses }: Device, target: Ip): boolean {
    if (!this.stack.settings.forwards(6)) return false;
    return addresses.some(({ cidr }) => cidrVersion(cidr) === 6 && cidrLength(cidr) < 127 && cidrNetwork(cidr) === target);
  }

  ask(dev: string, ip: Ip, known: Mac | undefined): void {
    const device = this.stack.devices.get(dev);
    const sender = this.stack.fib.addressOn(dev, ip);
    if (device === undefined || sender === undefined) return;
    const frame = isIpv4(ip) || isIpv4(sender) ? arpRequest(device, sender, ip, known) : neighbourSolicitation(device, sender, ip, known);
    this.#say(device, frame);
  }

  #end(span: Span, ending: Ending, effect: string, decision: Decision | undefined): void {
    const { clock, trail, place } = this.stack.surroundings;
    trail.note(span, { time: clock.now, place, effect, decision, ending });
  }
}
