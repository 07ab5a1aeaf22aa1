import type { TopologyDocument } from "../../dsl/types.generated.js";
import type { LockSection } from "../../resolve/index.js";
import type { SourceText } from "../../source/span.js";

/** Where the main thread leaves the duty of its helpers: in what Node.js gives to every new thread. */
export const dutyName = "dvrc build";

/** What a helper prepares when it starts. Plain data. */
export interface HelperDuty {
  /** Of the shape that the schema says; whether it makes sense, the main thread finds out too. */
  readonly value: TopologyDocument;
  readonly path: string;
  readonly lockPath: string;
  readonly lockText: SourceText | undefined;
  /** Of a lock that the main thread has read: then it is as it should be. */
  readonly lockSections: readonly LockSection[] | undefined;
  readonly release: string | undefined;
}
