import { expect, it } from "vitest";
import { checkedYaml } from "../testing/check-yaml.js";
import { placementOf } from "./placement.js";

const topology = checkedYaml(`
  hosts:
    network-1: { agent_mode: dvr_snat, local_ip: 192.0.2.1, bridge_mappings: { p: br-p } }
    compute-1: { agent_mode: dvr, local_ip: 192.0.2.2, bridge_mappings: { p: br-p } }
    compute-2: { agent_mode: dvr, local_ip: 192.0.2.3 }
    compute-3: { agent_mode: dvr, local_ip: 192.0.2.4 }
  aggregates: { a: { availability_zone: az, hosts: [compute-3, compute-1] } }
  networks:
    tenant: { subnets: { t4: { cidr: 10.1.0.0/24 } } }
    provider: { "provider:network_type": flat, "provider:physical_network": p, subnets: { p4: { cidr: 10.2.0.0/24 } } }
  servers:
    anywhere: { networks: [tenant] }
    bridged: { networks: [tenant, provider] }
    zoned: { availability_zone: az, networks: [tenant] }
    rest: { availability_zone: nova, networks: [tenant] }
    named: { host: network-1, networks: [provider] }
    central: { availability_zone: nova, networks: [provider] }
`);
const placement = placementOf(topology);

function candidates(server: string): readonly string[] {
  const declared = topology.servers.get(server);
  return declared === undefined ? [] : placement.candidateHosts(declared).map(({ name }) => name);
}

it("puts hosts of no aggregate into the zone nova", () => {
  expect(placement.zoneOf("compute-1")).toBe("az");
  expect(placement.zones.get("nova")?.map(({ name }) => name)).toEqual(["network-1", "compute-2"]);
});

it("prefers computes, and leaves out hosts that cannot carry the networks", () => {
  expect(candidates("anywhere")).toEqual(["compute-1", "compute-2", "compute-3"]);
  expect(candidates("bridged")).toEqual(["compute-1"]);
  expect(candidates("zoned")).toEqual(["compute-1", "compute-3"]);
  expect(candidates("rest")).toEqual(["compute-2"]);
});

it("takes the named host as it is, and a network host where no other can", () => {
  expect(candidates("named")).toEqual(["network-1"]);
  expect(candidates("central")).toEqual(["network-1"]);
});
