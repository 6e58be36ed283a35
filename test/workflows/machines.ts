import { onFailure } from "../../workflows/on-failure.ts";
import { rawToCurated } from "../../workflows/raw-to-curated.ts";
import { reconcile } from "../../workflows/reconcile.ts";

/** Resources with names that read well in an expected definition; no account, no stage. */
const lambda = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;

/** Every machine there is, by name. Limits are small round numbers, so that each is recognised in a definition. */
export const machines = {
  "raw-to-curated": rawToCurated({
    inspect: lambda("Inspect"),
    refine: lambda("Refine"),
    planRefine: lambda("PlanRefine"),
    finishRefine: lambda("FinishRefine"),
    glueJob: "refine",
    runsTable: "Runs",
    dataTopic: topic("data-engineering"),
    rejectedAlarm: 0.1,
    refineSeconds: 900,
    glueSeconds: 7200,
  }),
  reconcile: reconcile({
    reconcile: lambda("Reconcile"),
    runsTable: "Runs",
    locksTable: "Locks",
    dataTopic: topic("data-engineering"),
    quietSeconds: 10,
    leaseSeconds: 3600,
    reconcileSeconds: 900,
  }),
  "on-failure": onFailure({
    runsTable: "Runs",
    deadLetterQueue: "https://sqs.us-east-1.amazonaws.com/000000000000/dead-letters",
    operationsTopic: topic("operations"),
  }),
};
