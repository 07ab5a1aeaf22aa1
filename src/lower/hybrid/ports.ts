import { by, byText, sorted } from "../../base/order.js";
import type { WiredPort } from "../../model/host-view.js";
import { inOrderOf } from "../../model/rule-name.js";
import type { ResolvedPort } from "../../model/resolved.js";
import type { RootSlice } from "../slices.js";

/** Length to which Neutron cuts device names. Source: neutron_lib `constants.LINUX_DEV_LEN`. */
const deviceNameLength = 14;

/** Ports of a host as the hybrid firewall knows them. */
export interface HybridPorts {
  /** Machines whose packets are filtered, ascending port id. */
  readonly filtered: readonly WiredPort[];
  /** Machines without port security, in the order in which the agent met them: that of wiring, unless the view tells another. */
  readonly open: readonly WiredPort[];
  /** Neutron's own ports on br-int, in the same order. */
  readonly trusted: readonly WiredPort[];
}

/** Sorts the host's ports by what the firewall does with them. Source: Neutron `SecurityGroupAgentRpc.prepare_devices_filter`. */
export function hybridPorts(view: RootSlice): HybridPorts {
  const wired = view.ports.filter(({ bridge }) => bridge === "br-int");
  const onBrInt = inOrderOf(wired, view.firewall.passOrder, ({ port }) => port.key);
  const machines = onBrInt.filter(({ port }) => !isTrusted(port));
  return {
    filtered: sorted(
      machines.filter(({ port }) => port.portSecurity),
      by(({ port }) => port.id, byText),
    ),
    open: machines.filter(({ port }) => !port.portSecurity),
    trusted: onBrInt.filter(({ port }) => isTrusted(port)),
  };
}

/** A machine's device on its Linux bridge, where the firewall sees it. Source: Neutron `iptables_firewall.get_hybrid_port_name`. */
export function tapName(port: ResolvedPort): string {
  return `tap${port.id}`.slice(0, deviceNameLength);
}

/** The Linux bridge's end of the pair that leads to br-int. */
export function qvbName(port: ResolvedPort): string {
  return `qvb${port.id}`.slice(0, deviceNameLength);
}

/** The Linux bridge of a machine's port. */
export function qbrName(port: ResolvedPort): string {
  return `qbr${port.id}`.slice(0, deviceNameLength);
}

function isTrusted(port: ResolvedPort): boolean {
  return port.deviceOwner.startsWith("network:");
}
