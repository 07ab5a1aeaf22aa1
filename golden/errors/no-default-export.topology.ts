import { topology } from "dvrc";

export const cloud = topology({ name: "no-default-export", hosts: { "node-1": { agent_mode: "dvr_snat" } } });
