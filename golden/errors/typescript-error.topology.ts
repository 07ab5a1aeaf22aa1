import { topology } from "dvrc";

const mtu: number = "1500";

export default topology({ name: "typescript-error", hosts: { "node-1": { agent_mode: "dvr_snat" } }, networks: { blue: { mtu } } });
