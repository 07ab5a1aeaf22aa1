import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** An Open vSwitch of one's own, with a datapath that forwards nothing: it parses, checks and prints flows as any other. */
export interface OpenVswitch {
  /** Runs one of its programs, and returns what it prints. */
  run(program: "ovs-vsctl" | "ovs-ofctl", ...args: readonly string[]): string;
  /** Adds flows to a bridge. */
  load(bridge: string, protocol: "OpenFlow10" | "OpenFlow13", flows: readonly string[]): void;
  /** Address of a bridge for ovs-ofctl(8). */
  address(bridge: string): string;
  stop(): void;
}

/** Starts ovsdb-server and ovs-vswitchd in a folder of their own. Errors: throws where a program is missing or fails. */
export function startOpenVswitch(): OpenVswitch {
  const folder = mkdtempSync(join(tmpdir(), "dvrc-ovs-"));
  const at = (name: string): string => join(folder, name);
  const env = { ...process.env, OVS_RUNDIR: folder, OVS_DBDIR: folder, OVS_LOGDIR: folder, OVS_SYSCONFDIR: folder };
  const executeWith = (input: string, program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { env, input, encoding: "utf8", stdio: "pipe", maxBuffer: 1 << 28 });
  const execute = (program: string, ...args: readonly string[]): string => executeWith("", program, ...args);
  const database = `unix:${at("db.sock")}`;
  const daemon = (name: string): string[] => [
    "--detach",
    "--no-chdir",
    `--pidfile=${at(`${name}.pid`)}`,
    `--log-file=${at(`${name}.log`)}`,
  ];

  execute("ovsdb-tool", "create", at("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema");
  execute("ovsdb-server", at("conf.db"), `--remote=p${database}`, ...daemon("ovsdb-server"));
  execute("ovs-vsctl", `--db=${database}`, "--no-wait", "init");
  execute("ovs-vswitchd", database, "--enable-dummy=override", "--disable-system", ...daemon("ovs-vswitchd"));
  return {
    run: (program, ...args) => (program === "ovs-vsctl" ? execute(program, `--db=${database}`, ...args) : execute(program, ...args)),
    load: (bridge, protocol, flows) => void executeWith(flows.join("\n"), "ovs-ofctl", "-O", protocol, "add-flows", bridge, "-"),
    address: (bridge) => `unix:${at(`${bridge}.mgmt`)}`,
    stop() {
      for (const name of ["ovs-vswitchd", "ovsdb-server"]) process.kill(Number(readFileSync(at(`${name}.pid`), "utf8")));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
