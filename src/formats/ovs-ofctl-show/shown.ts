import type { OfPort } from "../../ir/match.js";
import type { Mac } from "../../net/mac.js";

/** A port as `ovs-ofctl show` has it. */
export interface SwitchPort {
  readonly ofport: OfPort;
  readonly name: string;
  readonly mac: Mac;
  /** Words of `config`, empty where it is 0: `PORT_DOWN`. */
  readonly config: string;
  /** Words of `state`, empty where it is 0: `LIVE`. */
  readonly state: string;
  /** Speed words between state and speed: `10GB-FD COPPER`. */
  readonly current?: string;
  /** Megabits a second. */
  readonly speed: number;
}

/** A switch as `ovs-ofctl show` has it. */
export interface ShownSwitch {
  /** 16 hexadecimal digits. */
  readonly datapathId: string;
  /** In the order of the output: ascending, LOCAL last. */
  readonly ports: readonly SwitchPort[];
}
