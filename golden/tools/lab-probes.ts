import process from "node:process";
import { groupBy } from "../../src/base/group-by.js";
import { type Probe, probeText, runProbe } from "../../src/audit/effect/probe.js";
import { cidrAddress, cidrLength } from "../../src/net/cidr.js";
import type { Ip } from "../../src/net/ip.js";
import type { Machine } from "../../src/virtual/machine.js";
import { World } from "../../src/virtual/world.js";
import type { PlannedLab, TestLab } from "./labs.js";

/** TCP ports that probes try: some that examples let in, one that none does. */
const ports = [22, 80, 5432, 9999];

/** Addresses of no network, for which upstream routers answer. Source: RFC 2544, RFC 5180. */
const elsewhere = ["198.18.0.1" as Ip, "2001:2::1" as Ip];

/** Seconds that an answer may take: on a busy machine a packet comes late. */
const patience = 10;

/** Runs pings on a machine, all at once. Input: a line for each, `ping <address>`; output: the lines that were answered. */
const pingScript = `
  probe() {
    case $2 in *:*) six=-6 ;; *) six=-4 ;; esac
    if busybox ping $six -c 3 -W ${patience} "$2" >/dev/null 2>&1; then echo "$*"; fi
  }
  while read -r line; do probe $line & done
  wait`;

/**
 * Connects from a machine to ports, all at once, in one process. Input: a line for each, `tcp <address> <port>`; output: the lines that were answered.
 * A closed port answers too: who refuses a connection has been reached.
 */
const connectScript = `
  for (const line of require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean)) {
    const [, host, port] = line.split(" ");
    const socket = require("net").connect({ host, port: Number(port) });
    const end = (answered) => {
      if (answered) console.log(line);
      clearTimeout(timer);
      socket.destroy();
    };
    const timer = setTimeout(end, ${patience * 1000}, false);
    socket.once("connect", () => end(true));
    socket.once("error", ({ code }) => end(code === "ECONNREFUSED"));
  }`;

/** Every ping and TCP attempt from each server and upstream router to each server, to floating IPs, to the outside and beyond. */
export function allProbes({ compilation, worldPlan }: PlannedLab): readonly Probe[] {
  const { servers, floatingIps } = compilation.resolution.topology;
  const upstream = new Set(worldPlan.outside.map(({ name }) => name));
  const machines = [...servers.map(({ name }) => name), ...upstream];
  const targets = [
    ...machines.flatMap((name) => addressesOf(worldPlan.machine(name)).map((address) => ({ to: name, address }))),
    ...floatingIps.flatMap(({ ip, target }) => (target === undefined ? [] : [{ to: target.port.server?.name ?? "", address: ip }])),
    ...elsewhere.map((address) => ({ to: "elsewhere", address })),
  ];
  return machines.flatMap((from) =>
    targets
      .filter(({ to }) => to !== from && !(to === "elsewhere" && upstream.has(from)))
      .flatMap(({ to, address }): Probe[] => [
        { from, to, address, kind: { protocol: "icmp" } },
        ...ports.map((port): Probe => ({ from, to, address, kind: { protocol: "tcp", port } })),
      ]),
  );
}

function addressesOf(machine: Machine | undefined): ReturnType<typeof cidrAddress>[] {
  const addresses = machine?.namespace.devices.flatMap((device) => device.addresses) ?? [];
  return addresses.flatMap(({ cidr, scope }) => (scope === "global" && cidrLength(cidr) > 0 ? [cidrAddress(cidr)] : []));
}

/** Texts of the probes that the simulation answers. */
export function simulatedAnswers({ worldPlan }: PlannedLab, probes: readonly Probe[]): ReadonlySet<string> {
  const world = new World(worldPlan);
  return new Set(probes.filter((probe) => runProbe(world, probe)?.answered === true).map(probeText));
}

/** Texts of the probes that the lab's machines get answers to. */
export async function realAnswers(lab: TestLab, probes: readonly Probe[]): Promise<ReadonlySet<string>> {
  const answered = await Promise.all([...groupBy(probes, ({ from }) => from)].map(([machine, own]) => answersOn(lab, machine, own)));
  return new Set(answered.flat());
}

async function answersOn(lab: TestLab, machine: string, probes: readonly Probe[]): Promise<readonly string[]> {
  const lines = new Map(probes.map((probe) => [lineOf(probe), probeText(probe)]));
  const linesOf = (word: string): readonly string[] => [...lines.keys()].filter((line) => line.startsWith(word));
  const said = await Promise.all([
    lab.told(machine, linesOf("ping"), "bash", "-c", pingScript),
    lab.told(machine, linesOf("tcp"), process.execPath, "-e", connectScript),
  ]);
  return said.flat().flatMap((line) => lines.get(line) ?? []);
}

function lineOf({ address, kind }: Probe): string {
  return kind.protocol === "icmp" ? `ping ${address}` : `tcp ${address} ${kind.port}`;
}
