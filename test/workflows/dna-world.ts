import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { NamedError, type ObjectStore, parseS3Uri, Throttled } from "@penstock/runtime";
import type { ModelReply, ModelRequest } from "@penstock/runtime/model";
import {
  type Clock,
  type Outcome,
  parseDefinition,
  startExecution,
  type TaskCall,
  TaskFailure,
} from "../../packages/local/src/engine/index.ts";
import type { Definition } from "../../workflows/asl/states.ts";
import { digitalDna } from "../../workflows/digital-dna.ts";
import { settings } from "../dna/dna-settings.ts";
import { type MemoryStore, memoryStore } from "../dna/memory-store.ts";
import { active, created } from "./dna-answers.ts";
import { answering, dnaFunctions } from "./dna-functions.ts";
import { dnaResources, machines } from "./machines.ts";

const parsed = (definition: Definition) => parseDefinition(JSON.parse(JSON.stringify(definition)));

/** How rough a world is. Shares of all calls of functions, from 0 to 1. */
export interface Roughness {
  /** Calls that fail, half of them after they have done what they do. */
  readonly crashes: number;
  /** Calls that are given up by the machine and do what they do an hour and more later, when others have gone on. */
  readonly stalls: number;
  /** Answers of the model that are lost before they are written. */
  readonly lostAnswers: number;
  /** Executions that somebody aborts. */
  readonly aborts: number;
  /** Of the lease, seconds. */
  readonly leaseSeconds: number;
}

/** Exports that are uploaded into a store whose events start the machine. */
export interface DnaWorld {
  readonly memory: MemoryStore;
  /** Executions of the machine by how they ended. */
  readonly ends: Outcome[];
  /** What the model was asked about personas, by type and facts, and how often. */
  readonly asked: ReadonlyMap<string, number>;
  /** Answers that were lost. */
  readonly lost: () => number;
  /** Settles when every execution has ended, those that others have started among them, and all that came late. */
  settled(): Promise<void>;
  /** Starts anew what has failed, as the dead letters of it allow. Nobody aborts these. */
  redrive(): Promise<void>;
}

/**
 * The machine as it is and `on-failure` in the interpreter, their conditions decided by real tables, over the domain's own
 * functions. All that they do with objects takes random times, and each event comes up to three times.
 */
export function dnaWorld(
  dynamodb: DynamoDBClient,
  clock: Clock,
  random: () => number,
  rough: Roughness,
): DnaWorld {
  const never = new AbortController().signal;
  const memory = memoryStore((uri) => events(parseS3Uri(uri)));
  const ends: Outcome[] = [];
  const failed: unknown[] = [];
  const asked = new Map<string, number>();
  const underWay: Promise<unknown>[] = [];
  const definitions = {
    "digital-dna": parsed(digitalDna({ ...dnaResources, leaseSeconds: rough.leaseSeconds })),
    "on-failure": parsed(machines["on-failure"]),
  };
  let [started, lost] = [0, 0];

  const keep = <Work>(work: Promise<Work>): Promise<Work> => {
    underWay.push(work);
    return work;
  };

  function events({ bucket, key }: { bucket: string; key: string }): void {
    if (bucket !== settings.data || !/\/stage[12]\//.test(key)) return;
    for (let event = 1 + Math.floor(random() * 3); event > 0; event--)
      void keep(
        clock
          .sleep(random() * 20_000, never)
          .then(() => run(created(key), random() < rough.aborts ? Math.ceil(random() * 12) : undefined)),
      );
  }

  /** A function with its own pauses, in which the clock may run. */
  async function work(name: string, payload: unknown, pause: Pause): Promise<object> {
    const run = dnaFunctions[name];
    if (run === undefined) throw new Error(`There is no function ${name}`);
    const complete = async (request: ModelRequest): Promise<ModelReply> => {
      if (request.answer?.name === "describe_persona") {
        const question = `${request.answer.description} ${request.messages[0]?.text}`;
        asked.set(question, (asked.get(question) ?? 0) + 1);
      }
      await pause(40);
      return answering(request);
    };
    try {
      return await run(payload, { store: slow(memory.store, pause), model: { complete } });
    } catch (error) {
      if (error instanceof NamedError) throw new TaskFailure(error.name, error.message);
      throw error;
    }
  }

  /** A store that takes its time, and loses an answer now and then. */
  function slow(store: ObjectStore, pause: Pause): ObjectStore {
    return {
      ...store,
      head: async (uri) => pause(3).then(() => store.head(uri)),
      getJson: async (uri) => (random() < 0.2 ? pause(3) : Promise.resolve()).then(() => store.getJson(uri)),
      putJson: async (uri, value, options) => {
        await pause(3);
        if (uri.includes("/stage3/answers/") && random() < rough.lostAnswers) {
          lost += 1;
          throw new Throttled("at random");
        }
        await store.putJson(uri, value, options);
      },
    };
  }

  async function invoke(call: TaskCall, name: string, payload: unknown): Promise<object> {
    const fate = random();
    if (fate < rough.stalls) {
      const late = async () => {
        await clock.sleep((1 + random()) * 3_600_000, never);
        await work(name, payload, async (seconds) => clock.sleep(random() * seconds * 1000, never));
      };
      void keep(late().catch(() => {}));
      call.idle?.();
      await clock.sleep(24 * 3_600_000, call.signal);
    }
    const crash = fate < rough.stalls + rough.crashes;
    if (crash && random() < 0.5) throw new TaskFailure("Lambda.Unknown", "before it began");
    const done = await work(name, payload, pauseOf(call, clock, random));
    if (crash) throw new TaskFailure("Lambda.Unknown", "after it ended");
    return { Payload: JSON.parse(JSON.stringify(done)) };
  }

  const answers: Record<string, (call: TaskCall, given: Given) => Promise<object>> = {
    "dynamodb:updateItem": (_, given) =>
      dynamodb.send(new UpdateItemCommand(given)).catch((error: unknown) => {
        if (error instanceof ConditionalCheckFailedException)
          throw new TaskFailure("DynamoDB.ConditionalCheckFailedException", error.message);
        throw error;
      }),
    "dynamodb:getItem": async () => active,
    "lambda:invoke": (call, { FunctionName = "", Payload }) =>
      invoke(call, FunctionName.split(":").at(-1) ?? "", Payload),
    "states:startExecution": async (_, { Input }) => {
      void keep(run(Input));
      return {};
    },
    "sqs:sendMessage": async () => ({}),
    "sns:publish": async () => ({}),
  };

  function execute(workflow: keyof typeof definitions, input: unknown, abortAt?: number) {
    const name = `run-${++started}`;
    const machineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${workflow}`;
    let calls = 0;
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
          calls += 1;
          if (calls === abortAt) execution.stop("Aborted", "by design");
          const answer = answers[call.resource.replace("arn:aws:states:::", "")];
          if (answer === undefined) throw new Error(`Nobody answers for ${call.resource}`);
          return answer(call, call.arguments as Given);
        },
      },
    });
    return { execution, detail: { executionArn: execution.facts.arn, stateMachineArn: machineArn, name } };
  }

  async function run(input: unknown, abortAt?: number): Promise<void> {
    const { execution, detail } = execute("digital-dna", input, abortAt);
    const outcome = await execution.result;
    ends.push(outcome);
    if (outcome.status === "SUCCEEDED") return;
    failed.push(input);
    const event = { time: "2026-01-01T00:00:00Z", detail: { ...detail, ...outcome, input: "{}" } };
    await execute("on-failure", event).execution.result;
  }

  async function settled(): Promise<void> {
    for (let known = 0; known < underWay.length; ) {
      known = underWay.length;
      await Promise.all(underWay);
    }
  }

  return {
    memory,
    ends,
    asked,
    lost: () => lost,
    settled,
    async redrive() {
      while (failed.length > 0) {
        for (const input of failed.splice(0)) await keep(run(input));
        await settled();
      }
    },
  };
}

/** Passes up to as many seconds that no work fills. */
type Pause = (seconds: number) => Promise<void>;

/** Pauses of one call: the clock runs while any part of it waits. */
function pauseOf(call: TaskCall, clock: Clock, random: () => number): Pause {
  let waiting = 0;
  let goOn: (() => void) | undefined;
  return async (seconds) => {
    waiting += 1;
    if (waiting === 1) goOn = call.idle?.();
    await clock.sleep(random() * seconds * 1000, call.signal).finally(() => {
      waiting -= 1;
      if (waiting === 0) goOn?.();
    });
  };
}

/** What the machine's tasks are given, as far as anything here looks at it. */
type Given = ConstructorParameters<typeof UpdateItemCommand>[0] & {
  readonly FunctionName?: string;
  readonly Payload?: unknown;
  readonly Input?: unknown;
};
