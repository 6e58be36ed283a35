import type { Clock } from "../../engine/index.ts";
import { answerJson } from "../gateway/answer.ts";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import { header, type Service } from "../gateway/call.ts";
import { readBody } from "../gateway/request-body.ts";
import type { FunctionFleet, Invocation, TurnKind } from "./function-fleet.ts";
import type { LocalFunction } from "./local-function.ts";

/** Lambda's bounds on what goes in and out of a synchronous invocation, and into an asynchronous one. */
const SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
const ASYNCHRONOUS_BYTES = 1024 * 1024;

/** An asynchronous invocation that failed is tried again after these times. */
const RETRIES_MS = [60_000, 120_000];

/** The functions of the program, found by any name that Lambda takes. */
export class Functions {
  readonly #byName: ReadonlyMap<string, LocalFunction>;
  readonly #fleet: FunctionFleet;
  readonly #region: string;
  readonly #account: string;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #asynchronous = 0;

  constructor(
    functions: readonly LocalFunction[],
    fleet: FunctionFleet,
    place: { readonly region: string; readonly account: string; readonly clock: Clock },
  ) {
    this.#byName = new Map(functions.map((each) => [each.functionName, each]));
    this.#fleet = fleet;
    this.#region = place.region;
    this.#account = place.account;
    this.#clock = place.clock;
  }

  /** Asynchronous invocations that have not ended. */
  get asynchronous(): number {
    return this.#asynchronous;
  }

  /** A function by name, ARN or partial ARN, with or without `$LATEST`. @throws {AwsError} ResourceNotFoundException */
  find(name: string): LocalFunction {
    const [bare = "", qualifier = "$LATEST"] = name.replace(/^.*function:/, "").split(":");
    const found = this.#byName.get(bare);
    if (found !== undefined && qualifier === "$LATEST") return found;
    const arn = `arn:aws:lambda:${this.#region}:${this.#account}:function:${bare}:${qualifier}`;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404);
  }

  /** Runs an event, JSON text, and waits for it. @throws {AwsError} */
  async invoke(name: string, event: string, turns?: TurnKind): Promise<Invocation> {
    const local = this.find(name);
    requireEvent(event, SYNCHRONOUS_BYTES);
    const invocation = await this.#fleet.invoke(local, event, turns);
    if (invocation.outcome === "failed" || Buffer.byteLength(invocation.payload) <= SYNCHRONOUS_BYTES)
      return invocation;
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${SYNCHRONOUS_BYTES} bytes).`;
    return {
      ...invocation,
      outcome: "failed",
      error: { errorType: "Function.ResponseSizeTooLarge", errorMessage },
    };
  }

  /** Runs an event for nobody, again when it fails, as `InvocationType: Event` does. @throws {AwsError} */
  invokeLater(name: string, event: string): void {
    const local = this.find(name);
    requireEvent(event, ASYNCHRONOUS_BYTES);
    const run = async () => {
      for (const wait of [...RETRIES_MS, undefined]) {
        const { outcome } = await this.#fleet.invoke(local, event);
        if (outcome === "succeeded" || wait === undefined) return;
        await this.#clock.sleep(wait, this.#ended.signal);
      }
    };
    this.#asynchronous += 1;
    run()
      .catch((error: unknown) => this.#fleet.log(local.functionName).write(`Not invoked: ${String(error)}\n`))
      .finally(() => {
        this.#asynchronous -= 1;
      });
  }

  /** Gives up what is still to be tried again. */
  close(): void {
    this.#ended.abort();
  }
}

function requireEvent(event: string, limitBytes: number): void {
  if (Buffer.byteLength(event) > limitBytes) {
    throw new AwsError(
      "RequestTooLargeException",
      `${Buffer.byteLength(event)} byte payload is too large for the invocation (limit ${limitBytes} bytes)`,
      413,
    );
  }
  try {
    JSON.parse(event);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${String(error)}`,
    );
  }
}

/** Lambda's API, as far as invoking goes. */
export function lambdaService(functions: Functions): Service {
  return {
    protocol: "rest-json",
    async handle(call) {
      const { request, response } = call;
      const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(call.path)?.[1];
      if (name === undefined || request.method !== "POST")
        throw new NotImplemented("lambda", `${request.method} ${call.path}`);
      const qualifier = call.query.get("Qualifier");
      const local = functions.find(decodeURIComponent(name) + (qualifier === null ? "" : `:${qualifier}`));
      const body = await readBody(request, SYNCHRONOUS_BYTES + 1);
      const event = body.length === 0 ? "{}" : body.toString("utf8");
      const type = header(request, "x-amz-invocation-type") ?? "RequestResponse";
      if (type === "DryRun") {
        response.writeHead(204, { "x-amzn-requestid": call.requestId }).end();
        return;
      }
      if (type === "Event") {
        functions.invokeLater(local.functionName, event);
        answerJson(call, 202, "", "application/json");
        return;
      }
      const invocation = await functions.invoke(local.functionName, event);
      const payload =
        invocation.outcome === "succeeded" ? invocation.payload : JSON.stringify(invocation.error);
      if (invocation.outcome === "failed") response.setHeader("x-amz-function-error", "Unhandled");
      if (header(request, "x-amz-log-type") === "Tail") {
        response.setHeader(
          "x-amz-log-result",
          Buffer.from(invocation.log).subarray(-4096).toString("base64"),
        );
      }
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
        "x-amz-executed-version": "$LATEST",
        "x-amzn-requestid": invocation.requestId,
      });
      response.end(payload);
    },
  };
}
