import { executionId, NotRedrivable, readableCause } from "@penstock/runtime/executions";
import { type DeadLetter, DeadLetterQueue } from "./dead-letters.ts";
import { table } from "./describe-execution.ts";
import { findExecution } from "./find-execution.ts";
import { atPlace, nameOf, type Place } from "./place.ts";
import { type Redriven, redriveExecution } from "./redrive-execution.ts";

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

/** What several ids mean, each once. @throws {UnknownExecution} before anything is redriven */
async function meantByAny(
  place: Place,
  letters: readonly DeadLetter[],
  ids: readonly string[],
): Promise<Meant[]> {
  const all = (await Promise.all(ids.map((given) => meant(place, letters, given)))).flat();
  return [...new Map(all.map((one) => ["id" in one ? one.id : one.letter.id, one])).values()];
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

function readable({ receiptHandle: _, ...letter }: DeadLetter): Omit<DeadLetter, "receiptHandle"> {
  return letter;
}

/**
 * Lists the dead letters, or takes up those and the executions that are asked for.
 *
 * @param ids of executions or of letters
 * @returns the exit code: 1 when one could not be taken up
 * @throws {UnknownExecution} before anything is taken up
 */
export async function takeUp(
  ids: readonly string[],
  { all, stage, json }: { all: boolean; stage?: string; json: boolean },
): Promise<number> {
  return atPlace(stage, async (place) => {
    const queue = new DeadLetterQueue(place.sqs, await place.deadLetterUrl());
    try {
      const { letters, foreign } = await queue.receiveAll();
      for (const { id, reason } of foreign) console.error(`message ${id} is no dead letter: ${reason}`);
      if (all || ids.length > 0) {
        const wanted = all ? letters.map((letter) => ({ letter })) : await meantByAny(place, letters, ids);
        return await redriveAll(place, queue, wanted, json);
      }
      if (json) console.log(JSON.stringify(letters.map(readable), null, 2));
      else console.log(letters.length === 0 ? "There are no dead letters." : listing(letters));
      return 0;
    } finally {
      await queue.release();
    }
  });
}
