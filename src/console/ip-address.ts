import { printDevices } from "../formats/ip-addr/print.js";
import type { AddressDialect } from "../formats/ip-addr/dialect.js";
import { cidrVersion } from "../net/cidr.js";
import type { Device } from "../ir/namespace.js";
import { type Answer, printed, refusal, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import type { IpOptions } from "./ip.js";
import { deviceNamed, namespaceOf, readSelector } from "./ip-selector.js";
import { linesOf } from "./pipe.js";

/** `ip address [show] [dev X] [up]`: ip-address(8). */
export function showAddresses(words: readonly string[], options: IpOptions, where: Where): Answer {
  return show(words, options, where, (device) => ({
    ...device,
    addresses: device.addresses.filter(({ cidr }) => options.version === undefined || cidrVersion(cidr) === options.version),
  }));
}

/** `ip link [show] [dev X] [up]`: ip-link(8). */
export function showLinks(words: readonly string[], options: IpOptions, where: Where): Answer {
  return show(words, options, where, (device) => ({ ...device, addresses: [] }));
}

function show(words: readonly string[], options: IpOptions, where: Where, shown: (device: Device) => Device): Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const [first, ...rest] = words;
  const verb = first !== undefined && ["show", "list", "lst"].some((word) => abbreviates(first, word));
  const selector = readSelector(verb ? rest : words, ["dev", "scope", "to", "type"]);
  if ("kind" in selector) return selector;
  const strange = selector.alone.filter((word) => word !== "up");
  const name = selector.pairs.get("dev") ?? strange[0];
  if (strange.length > 1) return refusal(`ip: ${JSON.stringify(strange[1])} is not known here.`);
  const device = name === undefined ? undefined : deviceNamed(namespace, name);
  if (device !== undefined && "kind" in device) return device;
  const devices = (device === undefined ? namespace.devices : [device]).map(shown);
  const dialect: AddressDialect = { version: where.dialects.iproute, trailingBlanks: true, datapath: datapathOf(where) };
  if (options.brief) return printed(devices.map(briefLine));
  const lines = linesOf(printDevices(devices, namespace.name, dialect));
  return printed(options.oneLine ? oneLines(devices, namespace.name, dialect) : lines);
}

function datapathOf(where: Where): AddressDialect["datapath"] {
  const bridges = [...(where.host?.bridges.values() ?? [])];
  return bridges.some((bridge) => bridge.state.datapathType === "netdev") ? "netdev" : "system";
}

function briefLine(device: Device): string {
  const state = device.type.kind === "veth" || device.type.kind === "bridge" ? "UP" : "UNKNOWN";
  return `${device.name.padEnd(16)} ${state.padEnd(14)} ${device.addresses.map(({ cidr }) => cidr).join(" ")} `;
}

/** `-o`: one line for each address. */
function oneLines(devices: readonly Device[], namespace: string, dialect: AddressDialect): readonly string[] {
  return devices.flatMap((device) => {
    if (device.addresses.length === 0) return [linesOf(printDevices([device], namespace, dialect)).join("\\")];
    return device.addresses.map((address) => {
      const [, , line = "", lifetime = ""] = linesOf(printDevices([{ ...device, addresses: [address] }], namespace, dialect));
      return `${device.index}: ${device.name}    ${line.trimStart()}\\${lifetime}`;
    });
  });
}
