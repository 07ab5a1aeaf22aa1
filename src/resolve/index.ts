export { type Allocation, type Provenance } from "./ledger.js";
export { type Lock, lockOfSections, type LockValue, type LockEntry, parseLock, printLockEntries, sectionsOfLock } from "./lock.js";
export type { LockSection } from "./printed-allocations.js";
export { type HostAllocations, listAllocations, nextEntries, nextLock } from "./next-lock.js";
export { type HostResolution, resolveHost } from "./host/resolve-host.js";
export { type Resolution, resolveTopology } from "./resolve.js";
