import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { report } from "../diagnostics/report.js";
import { existsSync } from "node:fs";
import { dhcpFileInside, treeInside, writeLabFiles } from "./files.js";
import { labFolder, labId, type LabName } from "./identity.js";
import { startInit } from "./init.js";
import { Inside, LabFailure, script } from "./inside.js";
import { type Cable, type CableEnd, coveringAddresses } from "./plan/cables.js";
import { hostNameOf, type LabMachine } from "./plan/machines.js";
import type { LabHost, LabPlan } from "./plan/plan.js";
import { addressLines, type MachineSetup } from "./plan/servers.js";
import { hasTraces, type LabRecord, makeLabFolder, readRecord, recordFormat, removeLab, writeRecord } from "./record.js";
import { isRunning } from "./processes.js";
import { scripts } from "./scripts/scripts.js";

/** Tells how far a lab is: what is done now, and how many of how many such things are done. */
export type TellProgress = (step: string, done: number, of: number) => void;

/** What became of a lab. */
export interface UpOutcome {
  readonly id: string;
  /** What apply.sh said, by host: its last line. */
  readonly applied: ReadonlyMap<string, string>;
  /** False where the lab ran already and its hosts were programmed again. */
  readonly isNew: boolean;
}

/**
 * Brings a lab up, or programs the hosts of one that is up again, by difference.
 *
 * Errors: `lab-step-failed`, after which nothing of a new lab is left; `lab-is-half-up`, `lab-has-other-machines`.
 */
export async function labUp(name: LabName, release: string, plan: LabPlan, tell: TellProgress): Promise<Result<UpOutcome>> {
  const shape = JSON.stringify([plan.machines.map(({ kind, name: own }) => [kind, own]), plan.cabling]);
  try {
    if (!hasTraces(name))
      return await newLab(
        { format: recordFormat, ...name, name: name.name, release, machines: plan.machines, shape, isWhole: false },
        plan,
        tell,
      );
    const record = readRecord(name);
    if (record?.isWhole !== true || !isRunning(record.init))
      return [undefined, [report("lab-is-half-up", { topology: name.topology, words: name.topology }, undefined)]];
    if (record.shape !== shape) return [undefined, [report("lab-has-other-machines", {}, undefined)]];
    writeLabFiles(labFolder(labId(name)), plan);
    const inside = new Inside(name, record.init);
    const applied = await applyAll(inside, plan, tell);
    writeRecord({ ...record, release, machines: plan.machines });
    const diagnostics = await startServers(inside, plan, tell);
    return [{ id: labId(name), applied, isNew: false }, diagnostics];
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    return [undefined, [report("lab-step-failed", { step: error.step, reason: error.reason }, undefined)]];
  }
}

async function newLab(record: Omit<LabRecord, "init">, plan: LabPlan, tell: TellProgress): Promise<Result<UpOutcome>> {
  try {
    tell("making machines", 0, plan.machines.length);
    const folder = makeLabFolder(record);
    writeLabFiles(folder, plan);
    const init = await startInit(folder, (mark) => writeRecord({ ...record, init: mark }));
    const inside = new Inside(record, init);
    await makeMachines(inside, plan);
    tell("starting Open vSwitch", 0, plan.hosts.length + 1);
    await startSwitches(inside, plan, tell);
    const applied = await applyAll(inside, plan, tell);
    const diagnostics = await startServers(inside, plan, tell);
    writeRecord({ ...record, init, isWhole: true });
    return [{ id: labId(record), applied, isNew: true }, [...bridgeFilterWarnings(plan), ...diagnostics]];
  } catch (error) {
    removeLab(record);
    throw error;
  }
}

async function makeMachines(inside: Inside, { machines, cabling }: LabPlan): Promise<void> {
  const lines = machines.map((machine) => `${machine.number} ${hostNameOf(machine)}\n`);
  await inside.root("making machines", script(scripts.machines), { input: lines.join("") });
  await inside.root("laying cables", ["ip", "-batch", "-"], { input: cabling.cables.map(cableLine).join("") });
}

function cableLine({ ends: [one, other], mtu }: Cable): string {
  const end = ({ machine, device, mac }: CableEnd): string =>
    `name ${device} netns m${machine} mtu ${mtu}${mac === undefined ? "" : ` address ${mac}`}`;
  return `link add ${end(one)} type veth peer ${end(other)}\n`;
}

async function startSwitches(inside: Inside, plan: LabPlan, tell: TellProgress): Promise<void> {
  let done = 0;
  const start = async (machine: LabMachine, then: () => Promise<unknown>): Promise<void> => {
    await inside.machine("starting Open vSwitch", machine, script(scripts.openVswitch));
    await then();
    tell("starting Open vSwitch", ++done, plan.hosts.length + 1);
  };
  await allDone(
    plan.machines.map((machine) => {
      if (machine.kind === "fabric") return start(machine, () => plugFabric(inside, machine, plan));
      return machine.kind === "host" ? start(machine, () => plugHost(inside, machine, plan)) : Promise.resolve();
    }),
  );
}

function plugFabric(inside: Inside, machine: LabMachine, { cabling }: LabPlan): Promise<string> {
  const input = cabling.fabric.map(({ bridge, port, tag }) => `${bridge} ${port} ${tag ?? "-"}\n`).join("");
  return inside.machine("plugging cables", machine, script(scripts.fabric), { input });
}

async function plugHost(inside: Inside, machine: LabMachine, { cabling, tunnels }: LabPlan): Promise<void> {
  const ends = cabling.cables.flatMap((cable) => cable.ends).filter((end) => end.machine === machine.number);
  const input = ends.map(({ device }) => `link set dev ${device} up\n`).join("");
  await inside.machine("plugging cables", machine, ["ip", "-batch", "-"], { input });
  const own = tunnels.find(({ host }) => host === machine.name);
  if (own === undefined) return;
  const others = tunnels.filter(({ host, address }) => host !== machine.name && address.includes(":") === own.address.includes(":"));
  const covering = coveringAddresses(
    own.address,
    others.map(({ address }) => address),
  );
  await inside.machine("making the underlay", machine, script(scripts.underlay, own.address, own.mac, ...covering), {
    input: others.map(({ address, mac }) => `${address} ${mac}\n`).join(""),
  });
}

async function applyAll(inside: Inside, plan: LabPlan, tell: TellProgress): Promise<ReadonlyMap<string, string>> {
  const applied = new Map<string, string>();
  tell("programming hosts", 0, plan.hosts.length);
  const machines = plan.machines.filter(({ kind }) => kind === "host");
  await allDone(
    machines.map(async (machine) => {
      const said = await inside.machine(`apply.sh on ${machine.name}`, machine, [
        "bash",
        `${treeInside(machine.name)}/apply.sh`,
        "--datapath-type",
        "netdev",
      ]);
      applied.set(machine.name, said.trimEnd().split("\n").at(-1) ?? "");
      tell("programming hosts", applied.size, plan.hosts.length);
    }),
  );
  return new Map(machines.map(({ name }) => [name, applied.get(name) ?? ""]));
}

async function startServers(inside: Inside, plan: LabPlan, tell: TellProgress): Promise<readonly Diagnostic[]> {
  await allDone(
    plan.hosts.map(async (host) => {
      const machine = plan.machines.find(({ kind, name }) => kind === "host" && name === host.name);
      if (machine !== undefined)
        await inside.machine("starting services", machine, script(scripts.services), { input: serviceLines(host) });
    }),
  );
  let done = 0;
  tell("setting up servers", done, plan.setups.length);
  const outside = plan.machines.filter(({ kind }) => kind === "server" || kind === "upstream");
  const found = await allDone(
    plan.setups.map(async (setup, index) => {
      const machine = outside[index];
      const diagnostics = machine === undefined ? [] : await startMachine(inside, machine, setup);
      tell("setting up servers", ++done, plan.setups.length);
      return diagnostics;
    }),
  );
  return found.flat();
}

function serviceLines({ name, dhcp, metadata }: LabHost): string {
  return [
    ...metadata.map(({ namespace, port }) => `metadata ${namespace} ${port}\n`),
    ...dhcp.map(({ namespace }) => `dhcp ${namespace} ${dhcpFileInside(name, namespace)}\n`),
  ].join("");
}

async function startMachine(inside: Inside, machine: LabMachine, { machine: plan, dhcp }: MachineSetup): Promise<readonly Diagnostic[]> {
  const left = new Set(dhcp);
  const lines = [...addressLines(plan, (device, version) => version === 4 && left.has(device)), ...dhcp.map((device) => `dhcp ${device}`)];
  const step = `setting up ${machine.name}`;
  const said = await inside.machine(step, machine, script(scripts.server), { input: lines.map((line) => `${line}\n`).join("") });
  const without = said.split("\n").filter((line) => line !== "");
  if (without.length === 0) return [];
  const byHand = addressLines(plan, (device, version) => version === 6 || !without.includes(device));
  await inside.machine(step, machine, ["ip", "-batch", "-"], { input: byHand.map((line) => `${line}\n`).join("") });
  return without.map((device) => report("lab-without-lease", { device, server: machine.name }, undefined));
}

function bridgeFilterWarnings({ hosts }: LabPlan): readonly Diagnostic[] {
  const filters = existsSync("/proc/sys/net/bridge/bridge-nf-call-iptables");
  return filters || !hosts.some(({ isHybrid }) => isHybrid) ? [] : [report("lab-without-bridge-filter", {}, undefined)];
}

/** Waits for all, also where one fails: nothing of a step goes on after it. Errors: the first one's. */
async function allDone<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
