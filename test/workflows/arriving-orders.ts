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
const definitions = {
  "curated-to-prod": parsed("curated-to-prod"),
  reconcile: parsed("reconcile"),
  "on-failure": parsed("on-failure"),
};
const check = { sql: "", counts: "t=1", rows: "1" };

/** An order as it lands: it waits for its customer's row, and may break a rule over several tables. */
export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly violates: boolean;
}

/** A lake in which orders and customers arrive; a build takes down which orders it has when it begins. */
export interface World {
  /** Lands an object; curated rows of it begin what S3's events begin, each so many times and a while after. */
  land(object: { readonly orders?: readonly Order[]; readonly customers?: readonly string[] }): Promise<void>;
  /** Orders by build. */
  readonly built: Map<string, ReadonlySet<string>>;
  /** How executions of curated-to-prod ended. */
  readonly ends: Outcome[];
  /** Orders that reconcile has released. */
  readonly released: () => number;
  /** Most builds of marts that were under way at once, and most passes of reconcile. */
  readonly mostAtOnce: () => readonly [builds: number, passes: number];
  /** Starts curated-to-prod; somebody aborts it when it comes to a task of this name. */
  start(abortAt?: string): Promise<Outcome>;
  /** Settles when every execution has ended, those that executions have started among them. */
  settled(): Promise<void>;
  current(): Promise<string>;
}

/**
 * The machines as they are, `reconcile` and `on-failure` (for those that are aborted) among them, in the interpreter,
 * their conditions decided by a real table. What they call takes random times, fails now and then, and knows of rows
 * only what this is about: reconcile's task releases orders whose customers are there and lists those that break a rule,
 * of what it sees when it begins; marts are built of what is curated and of the list as it stands.
 *
 * @param abortsAt where executions are aborted that an event of S3's has started; nowhere when not given
 */
export function world(
  { dynamodb }: Pick<ReturnType<typeof clientsOf>, "dynamodb">,
  clock: Clock,
  random: () => number,
  abortsAt: () => string | undefined = () => undefined,
): World {
  const customers = new Set<string>();
  const pending = new Set<Order>();
  const curated = new Set<Order>();
  /** Orders on the list of violations. */
  let listed: ReadonlySet<Order> = new Set();
  const built = new Map<string, ReadonlySet<string>>();
  const ends: Outcome[] = [];
  const never = new AbortController().signal;
  let [started, releases] = [0, 0];
  const under = { builds: 0, passes: 0 };
  const most = { builds: 0, passes: 0 };

  /** Passes time that no work fills. */
  const take = async ({ idle, signal }: TaskCall, seconds: number) => {
    const goOn = idle?.();
    await clock.sleep(random() * seconds * 1000, signal).finally(() => goOn?.());
  };
  const oneMore = async (kind: keyof typeof under, work: () => Promise<void>) => {
    most[kind] = Math.max(most[kind], ++under[kind]);
    await work().finally(() => under[kind]--);
  };

  /** Curated rows: S3's events come a while after, and now and then twice. */
  async function curatedEvents(): Promise<void> {
    for (let event = random() < 0.1 ? 2 : 1; event > 0; event--) {
      await clock.sleep(random() * 30_000, never);
      await Promise.all([keep(run(abortsAt())), keep(execute("reconcile", {}).execution.result)]);
    }
  }

  async function pass(call: TaskCall): Promise<object> {
    const ready = [...pending].filter(({ customer }) => customers.has(customer));
    const violations = new Set([...curated, ...ready].filter(({ violates }) => violates));
    // Longer than the window: a build that would not wait for it read the list of the pass before.
    await oneMore("passes", () => take(call, 900));
    listed = violations;
    for (const order of ready) if (pending.delete(order)) curated.add(order);
    releases += ready.length;
    if (ready.length > 0) void keep(curatedEvents());
    const changed = ready.length > 0 ? 1 : 0;
    const counts = { released: ready.length, duplicates: 0, expired: 0, changed };
    return { ...counts, pending: pending.size, violations: violations.size, audit: "a" };
  }

  const answers: Record<string, (call: TaskCall, given: Given) => Promise<object>> = {
    "dynamodb:updateItem": (_, given) =>
      dynamodb.send(new UpdateItemCommand(given)).catch((error: unknown) => {
        if (error instanceof ConditionalCheckFailedException)
          throw new TaskFailure("DynamoDB.ConditionalCheckFailedException", error.message);
        throw error;
      }),
    "dynamodb:getItem": (_, given) => dynamodb.send(new GetItemCommand(given)),
    "states:startExecution.sync:2": async ({ idle }) => {
      const goOn = idle?.();
      const outcome = await keep(execute("reconcile", {}).execution.result).finally(() => goOn?.());
      if (outcome.status !== "SUCCEEDED") throw new TaskFailure("States.TaskFailed", outcome.status);
      return { Output: outcome.output };
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
      if (FunctionName?.endsWith("Reconcile")) return { Payload: await pass(call) };
      if (!FunctionName?.endsWith("BuildMarts")) {
        await take(call, 300);
        return { Payload: { check } };
      }
      const orders = [...curated].filter((order) => !listed.has(order)).map(({ id }) => id);
      built.set(build, new Set(orders));
      await oneMore("builds", () => take(call, 800));
      const facts = { curated_rows: curated.size, orders_left_out: listed.size, manifest: "m" };
      return { Payload: { build, ...facts, check } };
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
  const underWay: Promise<unknown>[] = [];
  function keep<Work>(work: Promise<Work>): Promise<Work> {
    underWay.push(work);
    return work;
  }
  const start = (abortAt?: string): Promise<Outcome> => keep(run(abortAt));

  return {
    async land(object) {
      for (const customer of object.customers ?? []) customers.add(customer);
      const orders = object.orders ?? [];
      for (const order of orders) (customers.has(order.customer) ? curated : pending).add(order);
      if (object.customers || orders.some((order) => curated.has(order))) await curatedEvents();
    },
    built,
    ends,
    released: () => releases,
    mostAtOnce: () => [most.builds, most.passes],
    start,
    settled: async () => {
      for (let known = 0; known < underWay.length; ) {
        known = underWay.length;
        await Promise.all(underWay);
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
