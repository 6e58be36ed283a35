/** No build of the marts is current yet: `curated-to-prod` has not come to its end for the first time. */
export class CopilotNotReady extends Error {
  override readonly name = "CopilotNotReady";
  constructor() {
    super("There are no marts yet. Run curated-to-prod, and ask again when it has ended.");
  }
}

/** The query took longer than a question may, and was stopped. */
export class QueryTooSlow extends Error {
  override readonly name = "QueryTooSlow";
  constructor(seconds: number) {
    super(`The query was stopped after ${seconds} seconds. Ask for less: a month, a region, a category.`);
  }
}
