import { report } from "../../diagnostics/report.js";
import type { FloatingIpDocument } from "../../dsl/types.generated.js";
import { by, byText, sorted } from "../../base/order.js";
import { defined } from "../../base/invariant.js";
import type { ApiFloatingIp } from "../answers.js";
import { ownProject, section } from "./attributes.js";
import type { Cloud } from "./cloud.js";

/** The floating IPs of a cloud: those of servers by the server's key, the others as a section. */
export interface FloatingIps {
  /** `floating_ip` of servers' ports, by port id. */
  readonly ofPort: ReadonlyMap<string, string>;
  readonly section: Readonly<Record<string, FloatingIpDocument>>;
  /** Key of the entry that a floating IP became, by its id; those in {@link ofPort} have none. */
  readonly entries: ReadonlyMap<string, string>;
}

/** Sorts floating IPs into servers' shorthand, where it says all, and entries of their own. */
export function floatingIps(cloud: Cloud): FloatingIps {
  const ofPort = new Map<string, string>();
  const keys = new Map<string, string>();
  const entries = section<FloatingIpDocument>();
  for (const floatingIp of sorted(
    cloud.answers.floatingIps,
    by((entry) => entry.id, byText),
  )) {
    const port = shorthandPort(cloud, floatingIp);
    if (port !== undefined && !ofPort.has(port)) ofPort.set(port, floatingIp.floatingIpAddress);
    else {
      const key = defined(cloud.handles.floatingIp.get(floatingIp.id), "key of a floating IP");
      entries.set(key, floatingIpDocument(cloud, floatingIp));
      keys.set(floatingIp.id, key);
    }
  }
  return { ofPort, section: entries.sorted(), entries: keys };
}

/** The server's port whose `floating_ip` can say it: of the same project, for the port's first IPv4 address. */
function shorthandPort(cloud: Cloud, floatingIp: ApiFloatingIp): string | undefined {
  const port = cloud.ports.get(floatingIp.portId ?? "");
  if (port === undefined || !cloud.serverOfPort.has(port.id) || port.projectId !== floatingIp.projectId) return undefined;
  const first = port.fixedIps.find(({ ipAddress }) => !ipAddress.includes(":"));
  return first?.ipAddress === floatingIp.fixedIpAddress ? port.id : undefined;
}

function floatingIpDocument(cloud: Cloud, floatingIp: ApiFloatingIp): FloatingIpDocument {
  const network = cloud.handles.network.get(floatingIp.floatingNetworkId);
  return {
    ...ownProject(cloud, floatingIp.projectId),
    ...(network === undefined ? {} : { network }),
    floating_ip_address: floatingIp.floatingIpAddress,
    ...association(cloud, floatingIp),
  };
}

function association(cloud: Cloud, floatingIp: ApiFloatingIp): Pick<FloatingIpDocument, "port" | "server" | "fixed_ip_address"> {
  if (floatingIp.portId === undefined) return {};
  const fixed = floatingIp.fixedIpAddress === undefined ? {} : { fixed_ip_address: floatingIp.fixedIpAddress };
  const server = cloud.serverOfPort.get(floatingIp.portId);
  const port = cloud.handles.port.get(floatingIp.portId);
  if (server !== undefined) return { server: server.key, ...fixed };
  if (port !== undefined) return { port, ...fixed };
  const reason = "its port is one that the server made for itself";
  cloud.diagnostics.push(report("left-out", { what: "association of floating IP", id: floatingIp.id, reason }, floatingIp.record.span()));
  return {};
}
