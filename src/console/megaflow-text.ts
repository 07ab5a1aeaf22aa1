import type { TraceSection } from "../virtual/ofproto-trace.js";

/** The megaflow of a passage through the tables. */
export function megaflowText(section: TraceSection): string {
  return `recirc_id=0x${section.recircId.toString(16)}`;
}
