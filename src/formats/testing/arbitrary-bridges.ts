import fc from "fast-check";
import type { Bridge, BridgePort, BridgePortKind } from "../../ir/bridge.js";
import { deviceName, ipOf, mac, someOrigin, unsigned } from "./arbitrary-values.js";

const origin = fc.constant(someOrigin);
const key = fc.stringMatching(/^[a-z][a-z_-]{0,8}$/);
const columns = fc.dictionary(key, fc.string({ unit: "grapheme" }), { maxKeys: 3 });
const someColumns = fc.dictionary(key, fc.string({ unit: "grapheme" }), { minKeys: 1, maxKeys: 3 });

const tunnel: fc.Arbitrary<BridgePortKind> = fc
  .tuple(fc.constantFrom("vxlan" as const, "gre" as const, "ip6gre" as const, "geneve" as const), columns, fc.oneof(ipOf(4), ipOf(6)))
  .map(([type, options, remoteIp]) => ({ kind: "tunnel", type, options: { ...options, remote_ip: remoteIp }, remoteIp }));

const type: fc.Arbitrary<BridgePortKind> = fc.oneof(
  fc.constantFrom<BridgePortKind>({ kind: "internal" }, { kind: "system" }),
  fc.record({ kind: fc.constant("patch" as const), peer: deviceName }),
  tunnel,
);

const port: fc.Arbitrary<BridgePort> = fc.record(
  {
    name: deviceName,
    ofport: fc.integer({ min: 1, max: 65279 }),
    tag: fc.integer({ min: 1, max: 4094 }),
    type,
    externalIds: someColumns,
    otherConfig: someColumns,
    datapathPort: unsigned(16),
    mac,
    mtu: unsigned(16),
    origin,
  },
  { requiredKeys: ["name", "ofport", "type", "datapathPort", "origin"] },
);

/** A bridge without flows. */
export const bridge: fc.Arbitrary<Omit<Bridge, "flows">> = fc.record({
  name: deviceName,
  datapathId: fc.stringMatching(/^[0-9a-f]{16}$/),
  failMode: fc.constantFrom("secure", "standalone"),
  datapathType: fc.constantFrom("system", "netdev"),
  controllers: fc.array(fc.constantFrom("tcp:127.0.0.1:6633", "ssl:[::1]:6640"), { maxLength: 2 }),
  protocols: fc.uniqueArray(fc.constantFrom("OpenFlow10", "OpenFlow13", "OpenFlow14")),
  otherConfig: columns,
  ports: fc.uniqueArray(port, { selector: (one) => one.name, maxLength: 4 }),
  origin,
});
