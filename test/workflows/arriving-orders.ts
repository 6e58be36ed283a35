import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  type Clock,
  type Outcome,
  parseDefinition,
  startExecution,
  type TaskCall,
  TaskFailure,
} from "../../packages/local/src/engine/index.ts";
import type { clientsOf } from "../local/clients.ts";
import { machines } from "./machines.ts";

const parsed = (name: keyof typeof machines) => parseDefinition(JSON.parse(JSON.stringify(machines[name])));
const definitions = { "curated-to-prod": parsed("curated-to-prod"), "on-failure": parsed("on-failure") };

const check = { sql: "", counts: "t=1", rows: "1" };

/** A lake in which curated orders arrive; a build takes down which of them it sees when it begins. */
export interface World {
  readonly curated: Set<string>;
  /** Orders by build. */
  readonly built: Map<string, ReadonlySet<string>>;
  readonly ends: Outcome[];
  /** Most builds of marts that were under way at once. */
  readonly mostAtOnce: () => number;
  /** Starts curated-to-prod; somebody aborts it when it comes to a task of this name. */
  start(abortAt?: string): Promise<Outcome>;
  /** Settles when every execution has ended, those that executions have started among them. */
  settled(): Promise<void>;
  current(): Promise<string>;
}

/**
 * The machine as it is, and `on-failure` for those that are aborted, in the interpreter, their conditions decided by a
 * real table. What they call takes random times, fails now and then, and does nothing but count.
 */
export function world(
  { dynamodb }: Pick<ReturnType<typeof clientsOf>, "dynamodb">,
  clock: Clock,
  random: () => number,
): World {
  const curated = new Set<string>();
  const built = new Map<string, ReadonlySet<string>>();
  const ends: Outcome[] = [];
  let [started, building, most] = [0, 0, 0];

  /** Passes time that no work fills. */
  const take = async ({ idle, signal }: TaskCall, seconds: number) => {
    const goOn = idle?.();
    await clock.sleep(random() * seconds * 1000, signal).finally(() => goOn?.());
  };
  const answers: Record<string, (call: TaskCall, given: Given) => Promise<object>> = {
    "dynamodb:updateItem": (_, given) =>
      dynamodb.send(new UpdateItemCommand(given)).catch((error: unknown) => {
        if (error instanceof ConditionalCheckFailedException)
          throw new TaskFailure("DynamoDB.ConditionalCheckFailedException", error.message);
        throw error;
      }),
    "dynamodb:getItem": (_, given) => dynamodb.send(new GetItemCommand(given)),
    "states:startExecution.sync:2": async (call) => {
      await take(call, 120);
      return { Output: { status: random() < 0.3 ? "COALESCED" : "SUCCEEDED" } };
    },
    "states:startExecution": async () => {
      void start();
      return {};
    },
    "lambda:invoke": async (call, { FunctionName, Payload }) => {
      if (random() < 0.05) throw new TaskFailure("Lambda.TooManyRequestsException", "at random");
      const { build = "" } = Payload ?? {};
      if (FunctionName?.endsWith("PlanMarts"))
        return { Payload: { engine: "lambda", plan: "p", result: "r" } };
      if (!FunctionName?.endsWith("BuildMarts")) {
        await take(call, 300);
        return { Payload: { check } };
      }
      built.set(build, new Set(curated));
      most = Math.max(most, ++building);
      await take(call, 800).finally(() => building--);
      return {
        Payload: {
          build,
          curated_rows: curated.size,
          orders_left_out: 0,
          manifest: "m",
          check,
        },
      };
    },
    "aws-sdk:glue:startCrawler": async () => {
      if (random() < 0.1) throw new TaskFailure("Glue.CrawlerRunningException", "at random");
      return {};
    },
    "aws-sdk:glue:getCrawler": async () => ({
      Crawler: { State: random() < 0.3 ? "RUNNING" : "READY", LastCrawl: { Status: "SUCCEEDED" } },
    }),
    "sqs:sendMessage": async () => ({}),
    "sns:publish": async () => ({}),
    "athena:startQueryExecution.sync": async () => ({ QueryExecution: { QueryExecutionId: "q" } }),
    "athena:getQueryResults": async () => ({
      ResultSet: {
        Rows: [
          { Data: [{ VarCharValue: "name" }] },
          { Data: [{ VarCharValue: "t" }, { VarCharValue: "1" }] },
        ],
      },
    }),
  };

  function execute(workflow: keyof typeof definitions, input: unknown, abortAt?: string) {
    const name = `run-${++started}`;
    const machineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${workflow}`;
    const execution = startExecution(definitions[workflow], {
      arn: `${machineArn.replace("stateMachine", "execution")}:${name}`,
      name,
      machineArn,
      roleArn: "arn:aws:iam::000000000000:role/test",
      input,
      clock,
      random,
      services: {
        call: async (call) => {
          if (call.state.name === abortAt) execution.stop("Aborted", "by design");
          const answer = answers[call.resource.replace("arn:aws:states:::", "")];
          if (answer === undefined) throw new Error(`Nobody answers for ${call.resource}`);
          return answer(call, call.arguments as Given);
        },
      },
    });
    return { execution, detail: { executionArn: execution.facts.arn, stateMachineArn: machineArn, name } };
  }

  async function run(abortAt?: string): Promise<Outcome> {
    const { execution, detail } = execute("curated-to-prod", {}, abortAt);
    const outcome = await execution.result;
    ends.push(outcome);
    if (outcome.status === "SUCCEEDED") return outcome;
    const event = { time: "2026-01-01T00:00:00Z", detail: { ...detail, ...outcome, input: "{}" } };
    return execute("on-failure", event).execution.result;
  }
  const under: Promise<Outcome>[] = [];
  function start(abortAt?: string): Promise<Outcome> {
    const outcome = run(abortAt);
    under.push(outcome);
    return outcome;
  }

  return {
    curated,
    built,
    ends,
    mostAtOnce: () => most,
    start,
    settled: async () => {
      for (let known = 0; known < under.length; ) {
        known = under.length;
        await Promise.all(under);
      }
    },
    current: async () => {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: "Builds", Key: { system: { S: "marts" } }, ConsistentRead: true }),
      );
      return Item?.build?.S ?? "";
    },
  };
}

/** What the machine's tasks are given, as far as anything here looks at it. */
type Given = ConstructorParameters<typeof UpdateItemCommand>[0] & {
  readonly FunctionName?: string;
  readonly Payload?: { readonly build?: string };
};
