import { topology } from "dvrc";

export default topology({
  name: "undeclared-name",
  hosts: { "node-1": { agent_mode: "dvr_snat", local_ip: "192.0.2.1" } },
  networks: { blue: { subnets: { "blue-v4": { cidr: "10.1.0.0/24" } } } },
  servers: { web: { networks: ["blu"] } },
});
