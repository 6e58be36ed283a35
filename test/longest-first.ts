import { existsSync } from "node:fs";
import path from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take more than a minute each, the longest first. A clean checkout knows no durations and would begin with the
 * largest files: one of these would come last, and one processor wait minutes for the other.
 */
const LONG = [
  "properties/arrival-order.test.ts",
  "local/permissions/needed-grants.test.ts",
  "e2e/start-olist.test.ts",
  "e2e/start-sample.test.ts",
  "e2e/start-clicks.test.ts",
  "e2e/feature-pipeline.test.ts",
  "docs/extending.test.ts",
  "deploy/bundles.test.ts",
  "lake/determinism.test.ts",
  "e2e/curated-to-prod.test.ts",
].map((file) => path.join(import.meta.dirname, file));

/** Begins with the files that take longest. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.filter((file) => !existsSync(file));
    if (gone.length > 0) throw new Error(`test/longest-first.ts names what is not there: ${gone.join(", ")}`);
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONG.indexOf(moduleId);
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
