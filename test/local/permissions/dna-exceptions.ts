import type { Exception } from "./exceptions.ts";

/** What of the grants of Digital DNA its one run does not need. */
export const dnaExceptions: readonly Exception[] = [
  {
    why: "A machine whose history is long goes on in a new execution, after twenty builds of one person's personas",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html",
    actions: ["states:StartExecution"],
    owner: /-digital-dna-machine$/,
    resource: /:stateMachine:[\w-]+-digital-dna$/,
  },
  {
    why: "Operations are told of personas whose model did not answer; here it does",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html",
    actions: ["sns:Publish"],
    owner: /-digital-dna-machine$/,
    resource: /-operations$/,
  },
  {
    why: "Of two who register one address at once the loser takes its own item back; here one does",
    source:
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html",
    actions: ["dynamodb:DeleteItem"],
    owner: /-Api-task$/,
    resource: /:table\/[\w-]+-People$/,
  },
];
