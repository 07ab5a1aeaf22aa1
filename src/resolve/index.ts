export { type Allocation, type Provenance } from "./ledger.js";
export {
  type Lock,
  lockOfSections,
  type LockValue,
  type LockEntry,
  parseLock,
  lockForm,
  lockLinesOf,
  lockOfLines,
  printEntries,
  sectionsOfLock,
} from "./lock.js";
export { LockReader } from "./lock-reader.js";
export type { LockSection } from "./printed-allocations.js";
export { GroupTexts, type LineForm } from "./group-texts.js";
export { allocationGroups, entriesOf, type EntryGroup, looseEntriesOf, type HostAllocations, nextGroups, nextLock } from "./next-lock.js";
export { type HostInputs, hostInputs } from "./host/inputs.js";
export { hostPrefix } from "./keys.js";
export { type HostResolution, refreshView, resolveHost } from "./host/resolve-host.js";
export { type Resolution, resolveTopology } from "./resolve.js";
