import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import type { Place } from "./place.ts";

const Failure = v.object({ errorType: v.string(), errorMessage: v.string() });

/** A function of the stage could not be asked, or failed. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/**
 * Asks a function of the stage, which knows its objects and settings.
 * @param task its name in the program, as `EstimateBackfill`
 * @throws {NoAnswer}
 */
export async function askFunction<Schema extends v.GenericSchema>(
  { lambda, prefix, title }: Pick<Place, "lambda" | "prefix" | "title">,
  task: string,
  event: object,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const { Payload, FunctionError } = await lambda
    .send(new InvokeCommand({ FunctionName: `${prefix}-${task}`, Payload: JSON.stringify(event) }))
    .catch((error: Error) => {
      throw new NoAnswer(`${task} of ${title} gave no answer: ${error.name}: ${error.message}`);
    });
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString("utf8"));
  if (FunctionError === undefined) return v.parse(schema, answer);
  const { errorType, errorMessage } = v.parse(Failure, answer);
  throw new NoAnswer(`${errorType}: ${errorMessage}`);
}
