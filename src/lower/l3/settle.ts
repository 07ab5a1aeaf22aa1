import { by, byNumber, sorted } from "../../base/order.js";
import type { Namespace } from "../../ir/namespace.js";
import { orderIpRules } from "./ip-rules.js";
import { orderRoutes } from "./routes.js";
import { orderSysctls } from "./sysctl.js";

/** The namespace with everything in the order that the kernel or the artefacts list it in. */
export function settle(namespace: Namespace): Namespace {
  return {
    ...namespace,
    devices: sorted(
      namespace.devices,
      by((device) => device.index, byNumber),
    ),
    ipRules: orderIpRules(namespace.ipRules),
    ip6Rules: orderIpRules(namespace.ip6Rules),
    routes: orderRoutes(namespace.routes),
    routes6: orderRoutes(namespace.routes6),
    sysctls: orderSysctls(namespace.sysctls),
  };
}
