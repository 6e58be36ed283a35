import { defineConfig } from "vitest/config";
import LongestFirst from "./test/longest-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // All cores: much of a test is waiting for sockets and child processes.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/closing-line.ts"],
    // Real sockets, real Parquet, child processes: the limit is against a hang, no test asserts on time.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    coverage: { include: ["packages/*/src/**/*.ts", "workflows/**/*.ts", "stacks/**/*.ts"] },
  },
});
