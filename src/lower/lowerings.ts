import { hybridLowerings } from "./hybrid/lowerings.js";
import { l3Lowerings } from "./l3/lowerings.js";
import { ovsLowerings } from "./ovs/lowerings.js";

/** What dvrc adds to Neutron's. */
const ownLowerings = { "dvrc/apply": "The same on every host, and not Neutron's: it programs the host with the files beside it." };

/** The catalogue that `dvrc explain` reads: id of a lowering to the rule of Neutron in one sentence. */
export const lowerings: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...ovsLowerings, ...l3Lowerings, ...hybridLowerings, ...ownLowerings }),
);
