import {
  exceedsPayloadLimit,
  type FieldValidationMode,
  type Inspection,
  InvalidDefinition,
  type Mock,
  maxPayloadBytes,
  type Tested,
  type TestGround,
  TestRefused,
  testState,
} from "../engine/index.ts";
import { ApiError } from "./api-error.ts";
import { resultShapes } from "./api-models.ts";
import { Request } from "./request.ts";

type Answer = Readonly<Record<string, unknown>>;

const levels = ["INFO", "DEBUG", "TRACE"] as const;
const validationModes: readonly FieldValidationMode[] = ["STRICT", "PRESENT", "NONE"];

/** TestState: runs one state alone. @throws ApiError with AWS's name for what is wrong with the call */
export async function testStateAction(
  request: Request,
  ground: Omit<TestGround, "resultShapes">,
): Promise<Answer> {
  const level = oneOf(levels, request.optional("inspectionLevel") ?? "INFO", "inspectionLevel");
  const roleArn = request.optional("roleArn");
  if (roleArn !== undefined && !/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) {
    throw new ApiError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
  }
  const mock = mockOf(part(request, "mock"));
  if (mock !== undefined && request.flag("revealSecrets") === true) {
    throw invalid("TestState does not support RevealSecrets when a mock is specified.");
  }
  const configuration = part(request, "stateConfiguration");
  const test = {
    definition: request.string("definition"),
    stateName: request.optional("stateName"),
    roleArn,
    input: inputOf(request),
    variables: variablesOf(request),
    context: json(request, "context"),
    mock,
    retrierRetryCount: count(configuration, "retrierRetryCount"),
    errorCausedByState: configuration?.optional("errorCausedByState"),
    mapIterationFailureCount: count(configuration, "mapIterationFailureCount"),
    mapItemReaderData: configuration?.optional("mapItemReaderData"),
  };
  try {
    const tested = await testState(test, { ...ground, resultShapes });
    return answerOf(tested, level !== "INFO");
  } catch (thrown) {
    if (thrown instanceof TestRefused) throw new ApiError(thrown.name, thrown.message);
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    throw new ApiError("InvalidDefinition", `Invalid State Machine Definition: '${thrown.message}'`);
  }
}

function mockOf(mock: Request | undefined): Mock | undefined {
  if (mock === undefined) return undefined;
  const validation = oneOf(
    validationModes,
    mock.optional("fieldValidationMode") ?? "STRICT",
    "mock.fieldValidationMode",
  );
  const result = mock.optional("result");
  const errorOutput = part(mock, "errorOutput");
  if (result !== undefined && errorOutput !== undefined) {
    throw invalid("A test mock should have only one of the following fields: [result, errorOutput].");
  }
  if (result !== undefined) {
    if (Buffer.byteLength(result) > maxPayloadBytes) throw tooLong("mock.result", maxPayloadBytes);
    try {
      return { kind: "result", value: JSON.parse(result), validation };
    } catch {
      throw invalid("Mocked result must be valid JSON");
    }
  }
  const error = errorOutput?.optional("error");
  const cause = errorOutput?.optional("cause");
  if (errorOutput === undefined || error === undefined) {
    throw invalid(
      errorOutput === undefined
        ? "A test mock must have one of the following fields: [result, errorOutput]."
        : "An error was not specified in the mocked error output.",
    );
  }
  if (error.length > 256) throw tooLong("mock.errorOutput.error", 256);
  if (cause !== undefined && cause.length > 32_768) throw tooLong("mock.errorOutput.cause", 32_768);
  return { kind: "error", error, cause };
}

function inputOf(request: Request): unknown {
  const text = request.optional("input") ?? "{}";
  const refuse = (why: string) =>
    new ApiError("InvalidExecutionInput", `Invalid State Machine Execution Input: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw refuse(`'${thrown instanceof Error ? thrown.message : thrown}'`);
  }
  if (exceedsPayloadLimit(value)) throw refuse(`longer than ${maxPayloadBytes} bytes`);
  return value;
}

function variablesOf(request: Request): Readonly<Record<string, unknown>> {
  const variables = json(request, "variables");
  if (variables === undefined) return {};
  if (typeof variables === "object" && variables !== null && !Array.isArray(variables)) {
    return Object.fromEntries(Object.entries(variables));
  }
  throw invalid(
    "Value at 'variables' failed to satisfy constraint: Member must be the text of a JSON object",
  );
}

/** The parsed text of a field; undefined when there is none. */
function json(request: Request, name: string): unknown {
  const text = request.optional(name);
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text) > maxPayloadBytes) throw tooLong(name, maxPayloadBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`Value at '${name}' failed to satisfy constraint: Member must be JSON text`);
  }
}

/** An object inside of the request. */
function part(request: Request, name: string): Request | undefined {
  const value = request.raw(name);
  return value === undefined ? undefined : new Request(value);
}

function count(request: Request | undefined, name: string): number | undefined {
  const value = request?.raw(name);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw invalid(
    `Value '${value}' at 'stateConfiguration.${name}' failed to satisfy constraint: Member must be an integer from 0`,
  );
}

function oneOf<T extends string>(allowed: readonly T[], value: string, name: string): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw invalid(
    `Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}

function tooLong(name: string, most: number): ApiError {
  return invalid(
    `Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  );
}

function invalid(message: string): ApiError {
  return new ApiError("ValidationException", message);
}

/** Data is JSON text on the wire; only what there is is told. */
function answerOf(
  { status, output, error, cause, nextState, inspection }: Tested,
  inspected: boolean,
): Answer {
  return {
    status,
    ...(output === undefined ? {} : { output: JSON.stringify(output.value) }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(nextState === undefined ? {} : { nextState }),
    ...(inspected ? { inspectionData: inspectionData(inspection) } : {}),
  };
}

/** What the API has as numbers or objects; the rest is text. */
const notText: ReadonlySet<string> = new Set<keyof Inspection>([
  "maxConcurrency",
  "toleratedFailureCount",
  "toleratedFailurePercentage",
  "errorDetails",
]);

function inspectionData(inspection: Inspection): Answer {
  return Object.fromEntries(
    Object.entries(inspection).map(([name, value]) => [
      name,
      notText.has(name) ? value : JSON.stringify(value),
    ]),
  );
}
