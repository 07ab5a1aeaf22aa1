import { createHash } from "node:crypto";
import { type Ip, isIpv4 } from "../../net/ip.js";
import type { Release } from "../../releases/release.js";
import { blake2b160 } from "./blake2b.js";

/** Longest name of a Linux device. */
const maxDeviceName = 15;
/** Neutron's own devices are cut one character shorter. Source: neutron-lib `DEVICE_NAME_MAX_LEN`, interface drivers' `DEV_NAME_LEN`. */
const deviceNameLength = 14;
const hashLength = 6;

/** Device of a port: prefix and the first characters of its id, 14 in all. Source: Neutron `LinuxInterfaceDriver.get_device_name`. */
export function deviceName(prefix: string, id: string): string {
  return (prefix + id).slice(0, deviceNameLength);
}

/**
 * Name of a patch port between br-int and a physical bridge; long ones end in a hash of the bridge's name.
 *
 * Source: Neutron `plugins.common.utils.get_interface_name`.
 */
export function patchName(prefix: string, bridge: string): string {
  if (prefix.length + bridge.length <= maxDeviceName) return prefix + bridge;
  const digest = createHash("sha1").update(bridge).digest("hex").slice(0, hashLength);
  return prefix + bridge.slice(0, maxDeviceName - prefix.length - hashLength) + digest;
}

/** Name of the tunnel port to an address. Source: Neutron `OVSNeutronAgent.get_tunnel_name`. */
export function tunnelName(type: string, remote: Ip, digest: Release["tunnelNameDigest"]): string {
  if (isIpv4(remote)) {
    const hex = remote
      .split(".")
      .map((octet) => Number(octet).toString(16).padStart(2, "0"))
      .join("");
    return `${type}-${hex}`;
  }
  const hash = digest === "sha1" ? createHash("sha1").update(remote).digest() : blake2b160(remote);
  return `${type}-${base32(hash).slice(0, maxDeviceName - type.length - 1)}`;
}

/** RFC 4648 base 32, lower case; lengths that are multiples of five octets have no padding. */
function base32(octets: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  let text = "";
  let bits = 0;
  let value = 0;
  for (const octet of octets) {
    value = (value << 8) | octet;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31] ?? "";
    value &= (1 << bits) - 1;
  }
  return text;
}
