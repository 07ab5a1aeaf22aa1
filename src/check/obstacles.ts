import { assertNever } from "../base/assert-never.js";
import type { Obstacle } from "../model/carriage.js";
import type { HostDeclaration } from "../model/topology.js";

/** An obstacle in words: `host "h" does not map physical network "p"`. */
export function describeObstacle(host: HostDeclaration, obstacle: Obstacle): string {
  return `host "${host.name}" ${clauseOf(obstacle)}`;
}

/** An obstacle in words, its host left out: `it does not map physical network "p"`. */
export function itsObstacle(obstacle: Obstacle): string {
  return `it ${clauseOf(obstacle)}`;
}

function clauseOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "missing-bridge-mapping":
      return `does not map physical network "${obstacle.physicalNetwork}"`;
    case "missing-local-ip":
      return `has no local_ip for ${obstacle.type} tunnels`;
    case "missing-tunnel-type":
      return `does not have ${obstacle.type} among its tunnel_types`;
    default:
      return assertNever(obstacle);
  }
}
