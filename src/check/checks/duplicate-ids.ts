import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { report } from "../../diagnostics/report.js";
import type { Declaration } from "../../model/topology.js";
import type { Uuid } from "../../net/uuid.js";
import { type Pointer, pointerTo } from "../../source/pointer.js";
import type { CheckContext } from "../context.js";
import { clause, describeFloatingIp, describePort } from "../describe.js";
import { describeRule } from "../rules.js";

/** A pinned id and what has it. */
interface IdHolder {
  readonly id: Uuid;
  readonly text: string;
  readonly pointer: Pointer;
}

/** A pinned id belongs to one resource. */
export function* checkDuplicateIds(context: CheckContext): Iterable<Diagnostic> {
  const first = new Map<Uuid, IdHolder>();
  for (const holder of holdersOf(context)) {
    const other = first.get(holder.id);
    if (other === undefined) {
      first.set(holder.id, holder);
      continue;
    }
    const related = [{ at: context.at(other.pointer), message: "It is given first here." }];
    yield report("duplicate-id", { id: holder.id, first: other.text, second: holder.text }, context.at(holder.pointer), { related });
  }
}

function* holdersOf({ topology }: CheckContext): Iterable<IdHolder> {
  yield* ofSection(topology.addressScopes.values(), ({ key }) => `address scope "${key}"`);
  yield* ofSection(topology.networks.values(), ({ key }) => `network "${key}"`);
  yield* ofSection(topology.subnets.values(), ({ key }) => `subnet "${key}"`);
  yield* ofSection(topology.routers.values(), ({ key }) => `router "${key}"`);
  yield* ofSection(topology.ports.values(), describePort);
  yield* ofSection(topology.servers.values(), ({ key }) => `server "${key}"`);
  yield* ofSection(topology.floatingIps.values(), (floatingIp) => clause(describeFloatingIp(floatingIp)));
  yield* ofSection(topology.securityGroups.values(), ({ key }) => `security group "${key}"`);
  yield* ofSection(topology.addressGroups.values(), ({ key }) => `address group "${key}"`);
  for (const router of topology.routers.values()) {
    for (const { id, pointer } of router.interfaces) {
      if (id !== undefined) yield { id, text: `an interface of router "${router.key}"`, pointer: pointerTo(pointer, "port_id") };
    }
  }
  for (const group of topology.securityGroups.values()) {
    for (const rule of group.rules) {
      if (rule.id !== undefined) yield { id: rule.id, text: clause(describeRule(group, rule)), pointer: pointerTo(rule.pointer, "id") };
    }
  }
}

function* ofSection<D extends Declaration>(declarations: Iterable<D>, describe: (declaration: D) => string): Iterable<IdHolder> {
  for (const declaration of declarations) {
    const { id, pointer } = declaration;
    if (id !== undefined) yield { id, text: describe(declaration), pointer: pointerTo(pointer, "id") };
  }
}
