import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { root } from "./rendered.ts";

/** What stacks/tsconfig.json turns off because the platform's own sources do not pass it. */
const strict = [
  "--erasableSyntaxOnly",
  "--exactOptionalPropertyTypes",
  "--noImplicitOverride",
  "--noUncheckedIndexedAccess",
  "--noUnusedLocals",
  "--noUnusedParameters",
  "--verbatimModuleSyntax",
];

it("sst.config.ts and the stacks pass the strictest checks against the platform's real types", () => {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { stdout, status } = spawnSync(
    process.execPath,
    [tsc, "-p", "stacks", ...strict, "--pretty", "false"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );

  const faults = stdout.split("\n").filter((line) => /^[^\s(]+\(\d+,\d+\): error/.test(line));
  // The platform's own faults show that the checks were on and its types were read.
  expect(status).not.toBe(0);
  expect(faults.filter((line) => line.startsWith(".sst/")).length).toBeGreaterThan(100);
  expect(faults.filter((line) => !line.startsWith(".sst/"))).toEqual([]);
});
