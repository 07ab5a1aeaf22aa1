import type { Bridge, BridgePort } from "../../ir/bridge.js";
import type { Origin } from "../../source/origin.js";

/** An interface as `ovs-vsctl show` has it. */
export interface ShownInterface {
  readonly name: string;
  /** Absent for devices that somebody else made. */
  readonly type?: string;
  readonly options: ReadonlyMap<string, string>;
}

/** A port of a bridge; bonds have more than one interface. */
export interface ShownPort {
  readonly name: string;
  readonly tag?: number;
  readonly interfaces: readonly ShownInterface[];
  readonly origin: Origin;
}

/** A bridge as `ovs-vsctl show` has it, its own port of the same name included. */
export interface ShownBridge {
  readonly name: string;
  readonly controllers: readonly string[];
  readonly failMode?: string;
  readonly datapathType?: string;
  readonly ports: readonly ShownPort[];
  readonly origin: Origin;
}

/** What `ovs-vsctl show` has of a bridge. */
export function shownBridge(bridge: Omit<Bridge, "flows">): ShownBridge {
  const own: ShownPort = {
    name: bridge.name,
    interfaces: [{ name: bridge.name, type: "internal", options: new Map() }],
    origin: bridge.origin,
  };
  return {
    name: bridge.name,
    controllers: bridge.controllers,
    failMode: bridge.failMode,
    datapathType: bridge.datapathType,
    ports: [own, ...bridge.ports.map(shownPort)],
    origin: bridge.origin,
  };
}

function shownPort(port: BridgePort): ShownPort {
  const { name, tag, origin } = port;
  return { name, ...(tag === undefined ? {} : { tag }), interfaces: [shownInterface(port)], origin };
}

function shownInterface({ name, type }: BridgePort): ShownInterface {
  switch (type.kind) {
    case "system":
      return { name, options: new Map() };
    case "internal":
      return { name, type: "internal", options: new Map() };
    case "patch":
      return { name, type: "patch", options: new Map([["peer", type.peer]]) };
    case "tunnel":
      return { name, type: type.type, options: new Map(Object.entries({ ...type.options, remote_ip: type.remoteIp })) };
  }
}
