import { parseArgs } from "node:util";
import { executionId, NotRedrivable, readableCause } from "@penstock/runtime/executions";
import { type DeadLetter, DeadLetterQueue } from "./dead-letters.ts";
import { table } from "./describe-execution.ts";
import { findExecution } from "./find-execution.ts";
import { nameOf, openPlace, type Place } from "./place.ts";
import { type Redriven, redriveExecution } from "./redrive-execution.ts";
import { exitCodeOf, exitCodes, UsageError } from "./usage.ts";

const usage = `penstock redrive [ID…] [--all] [--stage STAGE] [--json]

Takes failed executions up again at the states that failed. A dead letter of the execution is deleted once it runs;
where Step Functions can no longer redrive it, it is started anew with the original input that the letter holds.
  ID             of the execution (id, name or ARN) or of its dead letter; without any the dead letters are listed
  --all          every dead letter
  --stage STAGE  a stage on AWS, with your credentials and region, instead of the local cloud
  --json         print JSON
${exitCodes}`;

/** What became of one request: taken up, or why not. */
type Result = { readonly execution: string } & (
  | { readonly how: Redriven["how"] }
  | { readonly how: "kept"; readonly why: string }
);

function listing(letters: readonly DeadLetter[]): string {
  const rows = letters.map(({ id, machine, execution, at, error, cause }) => [
    id,
    nameOf(machine),
    nameOf(execution),
    at,
    error ?? "",
    readableCause(cause ?? "").slice(0, 80),
  ]);
  return (
    `${table(["id", "machine", "execution", "failed at", "error", "cause"], rows)}\n` +
    "`penstock redrive ID` takes one up again, `penstock redrive --all` every one."
  );
}

/** What an id means: the letters of an execution, or else an execution without one. */
type Meant = { readonly letter: DeadLetter } | { readonly id: string };

/** @throws {UnknownExecution} before anything is redriven */
async function meant(place: Place, letters: readonly DeadLetter[], given: string): Promise<Meant[]> {
  const matching = letters.filter(({ id, execution, machine }) => {
    const workflow = Object.entries(place.machines).find(([, arn]) => arn === machine)?.[0] ?? "";
    return [id, execution, nameOf(execution), executionId(workflow, nameOf(execution))].includes(given);
  });
  if (matching.length > 0) return matching.map((letter) => ({ letter }));
  const id = await findExecution(place, given);
  await place.executions.status(id);
  return [{ id }];
}

async function redrive(place: Place, queue: DeadLetterQueue, one: Meant): Promise<Result> {
  try {
    if ("id" in one) {
      const { arn } = await place.executions.redrive(one.id);
      return { how: "redriven", execution: arn };
    }
    const { how, execution } = await redriveExecution(place.sfn, one.letter);
    await queue.delete(one.letter);
    return { how, execution };
  } catch (error) {
    // The others are taken up all the same.
    if (!(error instanceof Error)) throw error;
    const execution = "id" in one ? one.id : one.letter.execution;
    const why = error instanceof NotRedrivable ? error.message : `${error.name}: ${error.message}`;
    return { how: "kept", execution, why };
  }
}

async function redriveAll(
  place: Place,
  queue: DeadLetterQueue,
  all: readonly Meant[],
  json: boolean,
): Promise<number> {
  const results: Result[] = [];
  for (const one of all) {
    const result = await redrive(place, queue, one);
    results.push(result);
    if (json) continue;
    if (result.how === "kept") console.error(`kept: ${result.execution}: ${result.why}`);
    else console.log(`${result.how}: ${result.execution}`);
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  return results.every(({ how }) => how !== "kept") ? 0 : 1;
}

/** `penstock redrive`. @returns the exit code, as the usage says; 1 also when one could not be redriven */
export function redriveCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
          all: { type: "boolean", default: false },
          stage: { type: "string" },
          json: { type: "boolean", default: false },
          help: { type: "boolean", default: false },
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      if (values.all && positionals.length > 0) throw new UsageError("Give ids or --all, not both.");
      const place = await openPlace(values.stage);
      const queue = new DeadLetterQueue(place.sqs, await place.deadLetterUrl());
      try {
        const { letters, foreign } = await queue.receiveAll();
        for (const { id, reason } of foreign) console.error(`message ${id} is no dead letter: ${reason}`);
        if (values.all || positionals.length > 0) {
          const wanted = values.all
            ? letters.map((letter) => ({ letter }))
            : (
                await Promise.all([...new Set(positionals)].map((given) => meant(place, letters, given)))
              ).flat();
          return await redriveAll(place, queue, wanted, values.json);
        }
        if (values.json) console.log(JSON.stringify(letters.map(readable), null, 2));
        else console.log(letters.length === 0 ? "There are no dead letters." : listing(letters));
        return 0;
      } finally {
        await queue.release();
        place.close();
      }
    },
    3,
  );
}

function readable({ receiptHandle: _, ...letter }: DeadLetter): Omit<DeadLetter, "receiptHandle"> {
  return letter;
}
