import { printBriefDevice, printDevices } from "../formats/ip-addr/print.js";
import type { AddressDialect, AskedFor } from "../formats/ip-addr/dialect.js";
import { cidrAddress, cidrContains, cidrVersion } from "../net/cidr.js";
import type { Device, InterfaceAddress, Namespace } from "../ir/namespace.js";
import { parsePrefix } from "../formats/iproute.js";
import { type Answer, printed, refusal, type Where } from "./answer.js";
import { abbreviates } from "./command-line.js";
import type { IpOptions } from "./ip.js";
import { deviceNamed, namespaceOf, readSelector } from "./ip-selector.js";
import { linesOf } from "./pipe.js";

/** `ip address [show] [dev X] [scope S] [to PREFIX] [up]`: ip-address(8). */
export function showAddresses(words: readonly string[], options: IpOptions, where: Where): Answer {
  const chosen = readChoice(words, where, ["dev", "scope", "to"]);
  if ("kind" in chosen) return chosen;
  const { namespace, devices, pairs } = chosen;
  const within = pairs.get("to");
  const prefix = within === undefined ? undefined : (parsePrefix(within, 4) ?? parsePrefix(within, 6));
  if (within !== undefined && prefix === undefined) return refusal(`ip: ${JSON.stringify(within)} is not a prefix.`);
  const isAsked = ({ cidr, scope }: InterfaceAddress): boolean =>
    (options.version === undefined || cidrVersion(cidr) === options.version) &&
    (pairs.get("scope") ?? scope) === scope &&
    (prefix === undefined || (cidrVersion(cidr) === cidrVersion(prefix) && cidrContains(prefix, cidrAddress(cidr))));
  // A device is left out for having none of the addresses that are asked for; not for having none at all, unless for a version.
  const shown = devices
    .map((device) => ({ device, addresses: device.addresses.filter(isAsked) }))
    .filter(({ device, addresses }) => addresses.length > 0 || (device.addresses.length === 0 && options.version === undefined))
    .map(({ device, addresses }) => ({ ...device, addresses }));
  const dialect = dialectOf(where, options.version);
  if (options.brief) return printed(shown.map((device) => printBriefDevice(device, namespace.name, dialect)));
  return printed(options.oneLine ? oneLines(shown, namespace.name, dialect) : linesOf(printDevices(shown, namespace.name, dialect)));
}

/** `ip link [show] [dev X] [up]`: ip-link(8). */
export function showLinks(words: readonly string[], options: IpOptions, where: Where): Answer {
  const chosen = readChoice(words, where, ["dev"]);
  if ("kind" in chosen) return chosen;
  const { namespace } = chosen;
  const devices = chosen.devices.map((device) => ({ ...device, addresses: [] }));
  const dialect = dialectOf(where, "link");
  if (options.brief) return printed(devices.map((device) => printBriefDevice(device, namespace.name, dialect)));
  const lines = devices.map((device) => linesOf(printDevices([device], namespace.name, dialect)));
  return printed(options.oneLine ? lines.map((line) => line.join("\\")) : lines.flat());
}

interface Choice {
  readonly namespace: Namespace;
  readonly devices: readonly Device[];
  readonly pairs: ReadonlyMap<string, string>;
}

/** The devices that a selector means, all of which are up. */
function readChoice(words: readonly string[], where: Where, keywords: readonly string[]): Choice | Answer {
  const namespace = namespaceOf(where);
  if (!("name" in namespace)) return namespace;
  const [first, ...rest] = words;
  const verb = first !== undefined && ["show", "list", "lst"].some((word) => abbreviates(first, word));
  const selector = readSelector(verb ? rest : words, keywords);
  if ("kind" in selector) return selector;
  const strange = selector.alone.filter((word) => word !== "up");
  const name = selector.pairs.get("dev") ?? strange[0];
  if (strange.length > 1) return refusal(`ip: ${JSON.stringify(strange[1])} is not known here.`);
  const device = name === undefined ? undefined : deviceNamed(namespace, name);
  if (device !== undefined && "kind" in device) return device;
  return { namespace, devices: device === undefined ? namespace.devices : [device], pairs: selector.pairs };
}

function dialectOf(where: Where, asked: AskedFor | undefined): AddressDialect {
  const dialect: AddressDialect = { version: where.dialects.iproute, trailingBlanks: true, datapath: datapathOf(where) };
  return asked === undefined ? dialect : { ...dialect, asked };
}

function datapathOf(where: Where): AddressDialect["datapath"] {
  const bridges = [...(where.host?.bridges.values() ?? [])];
  return bridges.some((bridge) => bridge.state.datapathType === "netdev") ? "netdev" : "system";
}

/** `-o`: one line for each address. */
function oneLines(devices: readonly Device[], namespace: string, dialect: AddressDialect): readonly string[] {
  return devices.flatMap((device) =>
    device.addresses.map((address) => {
      const [line = "", lifetime = ""] = linesOf(printDevices([{ ...device, addresses: [address] }], namespace, dialect)).slice(-2);
      return `${device.index}: ${device.name}    ${line.trimStart()}\\${lifetime}`;
    }),
  );
}
