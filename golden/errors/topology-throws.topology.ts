import { topology } from "dvrc";

function address(): string {
  throw new Error("no address is left");
}

export default topology({ name: "topology-throws", hosts: { "node-1": { agent_mode: "dvr_snat", local_ip: address() } } });
