import type { Topology } from "../../model/topology.js";
import type { Mac } from "../../net/mac.js";
import type { Uuid } from "../../net/uuid.js";
import type { Release } from "../../releases/release.js";
import type { SourceDocument } from "../../source/document.js";
import type { Ledger } from "../ledger.js";

/** What every step of the server's part has at hand, and the tables that they fill: each is written by one step only. */
export interface ServerContext {
  readonly topology: Topology;
  readonly release: Release;
  readonly document: SourceDocument;
  readonly ledger: Ledger;
  /** Ids by resource key; written by `identities.ts`. */
  readonly ids: Map<string, Uuid>;
  readonly usedIds: Map<Uuid, string>;
  /** MACs by port key; written by `identities.ts`. */
  readonly macs: Map<string, Mac>;
  readonly usedMacs: Map<Mac, string>;
}
