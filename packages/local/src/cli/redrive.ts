import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import Table from "cli-table3";
import { type DeadLetter, DeadLetterQueue } from "./dead-letters.ts";
import { redriveExecution } from "./redrive-execution.ts";
import { NoLocalCloud, root, runningCloud } from "./running-cloud.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock redrive [ID…] [--all] [--stage STAGE]

Takes failed executions up again from their dead letters: at the states that failed, or, where that is no longer
possible, anew with the original input. A dead letter is deleted once its execution runs.
  ID             of the message, or the name or ARN of the execution; without any the dead letters are listed
  --all          every dead letter
  --stage STAGE  the stage deployed last from this checkout, instead of the local cloud that \`penstock dev\` runs`;

/** There is no way to the dead-letter queue of that stage. */
class StageUnknown extends Error {
  override readonly name = "StageUnknown";
}

/** No dead letter has that id. */
class NoSuchDeadLetter extends Error {
  override readonly name = "NoSuchDeadLetter";
}

interface Place {
  readonly queueUrl: string;
  readonly client: {
    readonly region: string;
    readonly endpoint?: string;
    readonly credentials?: { accessKeyId: string; secretAccessKey: string };
  };
}

async function localPlace(): Promise<Place> {
  const cloud = await runningCloud();
  if (cloud === undefined) throw new NoLocalCloud();
  const { deadLetters } = cloud.outputs;
  if (typeof deadLetters !== "string")
    throw new StageUnknown("The program has no output deadLetters with the queue's URL.");
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { queueUrl: deadLetters, client: { region: cloud.region, endpoint: cloud.endpoint, credentials } };
}

/** The place that `sst deploy` wrote down. It keeps the outputs of one stage: the one that was deployed last. */
function deployedPlace(stage: string): Place {
  const file = path.join(root, ".sst/outputs.json");
  let queueUrl: unknown;
  try {
    queueUrl = JSON.parse(readFileSync(file, "utf8")).deadLetters;
  } catch (error) {
    throw new StageUnknown(
      `${file} cannot be read (${error instanceof Error ? error.message : error}). Run \`npx sst deploy --stage ${stage}\` first.`,
    );
  }
  if (typeof queueUrl !== "string" || !queueUrl.includes(`-${stage}-`)) {
    throw new StageUnknown(
      `${file} holds the outputs of another stage (deadLetters: ${String(queueUrl)}). Run \`npx sst deploy --stage ${stage}\` first.`,
    );
  }
  const region = /sqs\.([^.]+)\./.exec(queueUrl)?.[1] ?? "us-east-1";
  return { queueUrl, client: { region } };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function listing(letters: readonly DeadLetter[]): string {
  const table = new Table({
    head: ["id", "machine", "execution", "failed at", "error", "cause"],
    style: { head: [], border: [] },
  });
  for (const { id, machine, execution, at, error, cause } of letters) {
    table.push([id, nameOf(machine), nameOf(execution), at, error ?? "", (cause ?? "").slice(0, 80)]);
  }
  return `${table.toString()}\n\`penstock redrive ID\` takes one up again, \`penstock redrive --all\` every one.`;
}

/** The letters that the ids name. @throws {NoSuchDeadLetter} */
function named(letters: readonly DeadLetter[], ids: readonly string[]): DeadLetter[] {
  const found = ids.flatMap((id) => {
    const matching = letters.filter((letter) =>
      [letter.id, letter.execution, nameOf(letter.execution)].includes(id),
    );
    if (matching.length === 0)
      throw new NoSuchDeadLetter(`No dead letter has the id "${id}". \`penstock redrive\` lists them.`);
    return matching;
  });
  return [...new Set(found)];
}

async function redriveAll(
  queue: DeadLetterQueue,
  client: SFNClient,
  letters: readonly DeadLetter[],
): Promise<number> {
  let failed = 0;
  for (const letter of letters) {
    try {
      const { how, execution } = await redriveExecution(client, letter);
      await queue.delete(letter);
      console.log(`${how}: ${execution}`);
    } catch (error) {
      failed += 1;
      console.error(
        `kept: ${letter.execution}: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`,
      );
    }
  }
  return failed === 0 ? 0 : 1;
}

/** `penstock redrive`. @returns the exit code: 0, 1 when a letter could not be redriven, 2 for wrong arguments */
export function redriveCommand(args: string[]): Promise<number> {
  return exitCodeOf(usage, async () => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        all: { type: "boolean", default: false },
        stage: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    if (values.all && positionals.length > 0) throw new UsageError("Give ids or --all, not both.");
    const place = values.stage === undefined ? await localPlace() : deployedPlace(values.stage);
    const sqs = new SQSClient(place.client);
    const sfn = new SFNClient(place.client);
    const queue = new DeadLetterQueue(sqs, place.queueUrl);
    try {
      const { letters, foreign } = await queue.receiveAll();
      for (const { id, reason } of foreign) console.error(`message ${id} is no dead letter: ${reason}`);
      if (values.all) return await redriveAll(queue, sfn, letters);
      if (positionals.length > 0) return await redriveAll(queue, sfn, named(letters, positionals));
      console.log(letters.length === 0 ? "There are no dead letters." : listing(letters));
      return 0;
    } finally {
      await queue.release();
      sqs.destroy();
      sfn.destroy();
    }
  });
}
