import { type Command, InvalidArgumentError, Option } from "commander";
import type { Probe } from "../../virtual/walk.js";

/** What `--proto` and `--dport` say. */
export interface ProbeOptions {
  readonly proto?: "icmp" | "tcp" | "udp";
  readonly dport?: number;
}

/** Gives a command the options of what is sent. */
export function addProbeOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--proto <protocol>", "what to send; without it icmp, or tcp where a port is given").choices(["icmp", "tcp", "udp"]),
    )
    .option("--dport <port>", "destination port of TCP and UDP", parsePort);
}

/** What is sent. Errors: wrong usage, which ends the command. */
export function probeOf({ dport, proto = dport === undefined ? "icmp" : "tcp" }: ProbeOptions, command: Command): Probe {
  if (proto !== "icmp") return { protocol: proto, port: dport ?? (proto === "tcp" ? 22 : 53) };
  if (dport !== undefined) command.error("error: option '--dport' is for tcp and udp; icmp has no ports.");
  return { protocol: "icmp" };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}
