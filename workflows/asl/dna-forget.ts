import { jsonata } from "./define.ts";
import { type dnaTasks, ofPerson } from "./dna-tasks.ts";
import { counted } from "./feature-tasks.ts";
import { leaseLost } from "./lease.ts";
import { retryLambda, retryRewrittenObject } from "./retries.ts";
import { updateItem } from "./run-record.ts";

/** What erases a person: the function by ARN, the table of people by name. */
export interface DnaForgetOf {
  readonly forgetPerson: string;
  readonly peopleTable: string;
  /** Longer than anything lives that has found the person active: a task with its tries, an upload's URL. */
  readonly graceSeconds: number;
}

/** The person's item in the table of people. */
export const personItem = (peopleTable: string) => ({
  TableName: peopleTable,
  Key: { id: { S: jsonata("'user#' & $user") } },
});

/**
 * All that is a person's goes. From the mark on every task ends as `PersonGone`, and who had begun before it has ended when
 * the grace is over: then nothing comes any more that was not looked for. Ends in `Forgotten` or `Ignored`. Reads `$user`.
 */
export function dnaForget(resources: DnaForgetOf, { invoke, record }: ReturnType<typeof dnaTasks>) {
  return {
    MarkErased: {
      ...updateItem,
      Arguments: {
        ...personItem(resources.peopleTable),
        UpdateExpression: "SET #status = :erased, erased_at = if_not_exists(erased_at, :now)",
        ConditionExpression: "attribute_exists(id)",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":erased": { S: "erased" },
          ":now": { S: jsonata("$states.context.State.EnteredTime") },
        },
      },
      Catch: [{ ErrorEquals: leaseLost, Assign: { reason: "unknown_person" }, Next: "Ignored" }],
      Next: "Grace",
    },
    Grace: {
      Type: "Wait",
      Comment: "Who found the person active has ended then",
      Seconds: resources.graceSeconds,
      Next: "Forget",
    },
    Forget: {
      ...invoke(resources.forgetPerson, ofPerson),
      Comment: "Also for what came late: the mark stays",
      Retry: [retryLambda, retryRewrittenObject],
      Assign: { forgotten: jsonata("$states.result.Payload") },
      Next: "RecordForgotten",
    },
    RecordForgotten: {
      ...record({
        status: { S: "ERASED" },
        objects: counted("$forgotten.objects"),
        items: counted("$forgotten.items"),
      }),
      Output: {
        status: "ERASED",
        user: jsonata("$user"),
        objects: jsonata("$forgotten.objects"),
        items: jsonata("$forgotten.items"),
      },
      Next: "Forgotten",
    },
    Forgotten: { Type: "Succeed" },
  } as const;
}
