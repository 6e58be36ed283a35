import type { FieldProblem } from "../problem.ts";

/** There is no such system, or no such report of it. */
export class UnknownReport extends Error {
  override readonly name = "UnknownReport";
}

/** The system has no build yet. */
export class NothingBuilt extends Error {
  override readonly name = "NothingBuilt";
  constructor(system: string) {
    super(`${system} has no build yet. Run curated-to-prod, and ask again when it has ended.`);
  }
}

/** The build that a page goes on in is no longer kept. */
export class BuildGone extends Error {
  override readonly name = "BuildGone";
  constructor(build: string) {
    super(`Build ${build} is no longer kept. Begin again without a token: that reads the current build.`);
  }
}

/** Query parameters that are no filter of the report, or no value of the column. */
export class InvalidFilter extends Error {
  override readonly name = "InvalidFilter";
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super(`Wrong: ${fields.map(({ field }) => field).join(", ")}. See errors for what to give instead.`);
    this.fields = fields;
  }
}
