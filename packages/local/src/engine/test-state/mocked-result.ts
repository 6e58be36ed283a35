import { isObject } from "../fields.ts";
import type { TaskTarget } from "../resource.ts";
import { type Shape, shapeProblem } from "./result-shape.ts";
import { TestRefused } from "./test-refused.ts";

/** How a mocked result is held against the API that it stands for: NONE not at all, PRESENT what is there of it. */
export type FieldValidationMode = "STRICT" | "PRESENT" | "NONE";

/** Knows the answer of a service's action, by its names in `aws-sdk:<service>:<action>`; members in PascalCase. */
export type ResultShapes = (service: string, action: string) => Promise<Shape | undefined>;

/** Names that optimised integrations have for services that are called otherwise in `aws-sdk:<service>`. */
const sdkNames: Readonly<Record<string, string>> = { events: "eventbridge", states: "sfn" };

/** A `.sync` task ends with the answer of the action that Step Functions polls. */
const polled: Readonly<Record<string, string>> = {
  "sfn:startExecution": "describeExecution",
  "glue:startJobRun": "getJobRun",
  "athena:startQueryExecution": "getQueryExecution",
};

/** Members that the API has as text, and that the optimised integration gives parsed. */
const parsedMembers: Readonly<Record<string, readonly string[]>> = {
  "lambda:invoke": ["Payload"],
  "sfn:startExecution.sync:2": ["Input", "Output"],
};

/**
 * Holds the mocked result of a task against the API's model. A result of a service that is not known here is taken as
 * it is, and so is that of a task that names a function, or is answered by whoever has its token.
 * @throws TestRefused
 */
export async function checkMockedResult(
  target: TaskTarget | undefined,
  result: unknown,
  mode: FieldValidationMode,
  shapes: ResultShapes,
): Promise<void> {
  if (mode === "NONE" || target?.kind !== "integration" || target.pattern === "callback") return;
  const service = sdkNames[target.service] ?? target.service;
  const waits = target.pattern === "sync" || target.pattern === "sync2";
  const action = (waits ? polled[`${service}:${target.action}`] : undefined) ?? target.action;
  const shape = await shapes(service, action);
  if (shape === undefined) return;
  const parsed = target.sdk ? undefined : parsedMembers[`${service}:${target.resource}`];
  const checked =
    parsed !== undefined && isObject(result)
      ? Object.fromEntries(Object.entries(result).filter(([name]) => !parsed.includes(name)))
      : result;
  const problem = shapeProblem(checked, shape, mode === "STRICT");
  if (problem !== undefined) throw new TestRefused(`Mock result schema validation error: ${problem}`);
}
