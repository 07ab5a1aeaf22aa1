export default { name: "not-data", hosts: { "node-1": { agent_mode: "dvr_snat", local_ip: () => "192.0.2.1" } } };
