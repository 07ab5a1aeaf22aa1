import { expect, it } from "vitest";
import { pipeThrough } from "./pipe.js";

const text = "alpha 1\nbeta 10\ngamma 2\nBeta 3\n";

function piped(...words: readonly string[]): string {
  const answer = pipeThrough(text, words);
  return answer.kind === "printed" ? answer.text : answer.message;
}

it("greps with basic and extended patterns", () => {
  expect(piped("grep", "beta")).toBe("beta 10\n");
  expect(piped("grep", "-i", "beta")).toBe("beta 10\nBeta 3\n");
  expect(piped("grep", "-v", "a")).toBe("");
  expect(piped("grep", "-E", "alpha|gam+a")).toBe("alpha 1\ngamma 2\n");
  expect(piped("grep", "alpha|gamma")).toBe("");
  expect(piped("grep", "alpha\\|gamma")).toBe("alpha 1\ngamma 2\n");
  expect(piped("grep", "-o", "[0-9]*$")).toContain("10\n");
  expect(piped("grep", "-c", "eta")).toBe("2\n");
  expect(piped("grep", "-w", "1")).toBe("alpha 1\n");
  expect(piped("grep", "-A", "1", "alpha")).toBe("alpha 1\nbeta 10\n");
  expect(piped("grep", "-F", "a.")).toBe("");
});

it("tells by its status whether grep found anything", () => {
  expect(pipeThrough(text, ["grep", "nothing"])).toEqual({ kind: "printed", text: "", status: 1 });
});

it("cuts, sorts and counts", () => {
  expect(piped("head", "-n", "2")).toBe("alpha 1\nbeta 10\n");
  expect(piped("head", "-1")).toBe("alpha 1\n");
  expect(piped("tail", "-n", "1")).toBe("Beta 3\n");
  expect(piped("tail", "-n", "+3")).toBe("gamma 2\nBeta 3\n");
  expect(piped("sort")).toBe("Beta 3\nalpha 1\nbeta 10\ngamma 2\n");
  expect(piped("sort", "-n", "-k", "2", "-r")).toBe("beta 10\nBeta 3\ngamma 2\nalpha 1\n");
  expect(piped("wc", "-l")).toBe("4\n");
});

it("says what output can be piped into", () => {
  expect(piped("awk", "{print}")).toContain("grep");
  expect(piped("grep", "-P", "x")).toContain("-P");
});
