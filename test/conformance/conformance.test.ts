import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readCases } from "./cases.ts";
import { exceptions } from "./exceptions.ts";
import { runCase } from "./run-case.ts";

const folder = fileURLToPath(new URL("../../../shared/asl-cases", import.meta.url));
const cases = readCases(folder);

describe("executions recorded on AWS", () => {
  if (cases === undefined) {
    test("the recordings are there", ({ skip }) => {
      if (process.env.CI) expect.fail(`No recordings in ${folder}`);
      skip(`there are no recordings in ${folder}`);
    });
  }

  for (const one of cases ?? []) {
    const reason = exceptions[one.id];
    test(`${one.group}: ${one.id}`, async () => {
      const found = await runCase(one);

      if (reason === undefined) expect(found).toBeUndefined();
      else expect(found, `listed as an exception (${reason}), but it passes`).toBeDefined();
    });
  }
});
