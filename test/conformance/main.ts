import { parseArgs } from "node:util";
import { type Case, readCases } from "./cases.ts";
import { exceptions } from "./exceptions.ts";
import { runCase } from "./run-case.ts";

/**
 * Runs the recorded cases of a folder: `node test/conformance/main.ts --cases DIR [--min 0.95]`.
 * Prints passed and failed by group and the first difference of each failure; exits 1 under the minimum, or when a
 * listed exception passes.
 */
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "../shared/asl-cases" },
    min: { type: "string", default: "0.95" },
  },
});
const found = readCases(values.cases);
if (found === undefined) {
  console.error(`There is no folder ${values.cases}: give one with --cases`);
  process.exit(1);
}

const groups = new Map<string, { passed: number; failed: number }>();
let unexpected = 0;

async function judge(one: Case): Promise<void> {
  const group = groups.get(one.group) ?? { passed: 0, failed: 0 };
  groups.set(one.group, group);
  const reason = exceptions[one.id];
  const difference = await runCase(one).catch((thrown: unknown) => `the runner failed: ${thrown}`);
  if (difference === undefined) {
    group.passed += 1;
    if (reason === undefined) return;
    unexpected += 1;
    console.log(`${one.id}\n  passes, but is listed: ${reason}`);
  } else {
    group.failed += 1;
    console.log(`${one.id}\n  ${difference}${reason ? `\n  listed: ${reason}` : ""}`);
  }
}

for (const one of found) await judge(one);
console.table(Object.fromEntries(groups));
const passed = [...groups.values()].reduce((sum, group) => sum + group.passed, 0);
const share = found.length === 0 ? 0 : passed / found.length;
console.log(`${passed} of ${found.length} cases pass (${(share * 100).toFixed(1)} %)`);
process.exitCode = share < Number(values.min) || unexpected > 0 ? 1 : 0;
