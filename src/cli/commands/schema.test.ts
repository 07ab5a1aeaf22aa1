import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCli } from "../../testing/run-cli.js";

it("prints every object of the language with its properties", async () => {
  const { code, stdout } = await runCli(["schema"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Subnet  networks.<name>.subnets.<name>\n");
  expect(stdout).toContain("  cidr  string  required\n");
  expect(stdout).toContain("  enable_dhcp  boolean  default true\n");
});

it.each(["subnets", "Subnet", "networks.subnets"])("prints one section that is named %s", async (word) => {
  const { stdout } = await runCli(["schema", word]);
  expect(stdout).toMatch(/^Subnet {2}networks/);
  expect(stdout).not.toContain("agent_mode");
});

it("says which section is meant", async () => {
  const { code, stderr } = await runCli(["schema", "ruoters"]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    'error DVRC6056 unknown-schema-section: The topology language has no section "ruoters".\n  help: Did you mean "routers"?\n',
  );
});

it("prints the JSON schema as it is", async () => {
  const { stdout } = await runCli(["schema", "--json"]);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync("schema/topology.schema.json", "utf8")));
});

it("prints the JSON schema of a section with all that it refers to and no more", async () => {
  const { stdout } = await runCli(["schema", "security_groups", "--json"]);
  const printed = JSON.parse(stdout) as { readonly title: string; readonly $defs: object };
  expect(printed.title).toBe("SecurityGroup");
  expect(Object.keys(printed.$defs).sort()).toEqual(["Description", "Id", "Name", "ProjectId", "SecurityGroupRule"]);
  expect(JSON.parse((await runCli(["schema", "topology", "--json"])).stdout)).toHaveProperty("properties.hosts");
});

it("says in JSON, too, that there is no such section", async () => {
  const { code, stdout } = await runCli(["schema", "nothing-like-it", "--json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toHaveProperty("diagnostics.0.name", "unknown-schema-section");
});
