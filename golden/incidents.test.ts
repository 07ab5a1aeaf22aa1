import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { incidentNames, incidentReportPath, IncidentScene } from "./tools/incidents.js";

const scene = new IncidentScene();
beforeAll(() => scene.prepare());
afterAll(() => scene.close());

it("finds nothing on the hosts as they were captured", async () => {
  const { code, stdout } = await scene.run("diff", "S1.yaml", "dumps");
  expect(stdout).toContain("no difference");
  expect(code).toBe(0);
});

it.each(incidentNames())("tells what %s is, whom it hurts and what to do", async (name) => {
  const { code, stdout, stderr } = await scene.diff(name);
  expect(stdout).toBe(readFileSync(incidentReportPath(name), "utf8"));
  expect(stderr).toBe("");
  expect(code).toBe(1);
});

it("has ten classes of incidents", () => {
  expect(incidentNames().length).toBeGreaterThanOrEqual(10);
});
