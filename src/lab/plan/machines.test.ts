import { expect, it } from "vitest";
import { findMachine, hostNameOf, type LabMachine } from "./machines.js";

const machine = (number: number, kind: LabMachine["kind"], name: string): LabMachine => ({ number, kind, name, addresses: [] });

it("means the topology's own machine where one is called as the fabric", () => {
  const fabric = machine(0, "fabric", "fabric");
  const server = machine(1, "server", "fabric");
  expect(findMachine([fabric, server], "fabric")).toBe(server);
  expect(findMachine([fabric], "fabric")).toBe(fabric);
  expect(findMachine([fabric, server], "another")).toBeUndefined();
});

it("names machines as the topology does, where the kernel can take the name", () => {
  expect(hostNameOf(machine(4, "server", "web-1.example"))).toBe("web-1.example");
  for (const name of ["", "-n", "a b", "$(id)", "x".repeat(64), "ü"]) expect(hostNameOf(machine(4, "server", name))).toBe("m4");
});
