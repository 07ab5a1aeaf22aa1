import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { templateModule } from "./scripts/handlebars.js";

const handlebars = {
  name: "handlebars",
  transform: (source: string, id: string) => (id.endsWith(".hbs") ? templateModule(source) : undefined),
};

export default defineConfig({
  plugins: [handlebars],
  test: {
    passWithNoTests: false,
    testTimeout: 30_000,
    // Records of builds are no business of the home folder.
    env: { XDG_CACHE_HOME: join(tmpdir(), "dvrc-test-cache") },
    // By itself vitest leaves one processor to others, which of two is half.
    maxWorkers: "100%",
    projects: [
      // No module keeps state from one test to the next, so they share one: loading them takes longer than the tests.
      {
        extends: true,
        test: { name: "unit", include: ["src/**/*.test.ts", "golden/*.test.ts", "scripts/*.test.ts"], pool: "threads", isolate: false },
      },
      // What takes long by itself, so that the others are run often.
      { extends: true, test: { name: "thorough", include: ["golden/thorough/*.test.ts"], pool: "threads", isolate: false } },
      // What needs root, Open vSwitch, iptables or iproute2.
      // Time is there to end what hangs: the same lab takes one machine ten times as long as another.
      {
        extends: true,
        test: {
          name: "tools",
          include: ["golden/tools/*.test.ts"],
          fileParallelism: false,
          maxConcurrency: 2,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
