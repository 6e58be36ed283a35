import * as v from "valibot";
import { InvalidPageToken } from "./errors.ts";
import type { ExecutionsPort, ListedExecution, ListRequest } from "./port.ts";

/** Where the next page begins: what was shown last, and for each machine the page of its list that goes on from there. */
const Position = v.strictObject({
  /** Start of the execution shown last, milliseconds. */
  at: v.number(),
  /** Executions shown that started at that very moment. */
  shown: v.array(v.string()),
  /** Tokens of Step Functions by workflow; null: from the beginning. A workflow that is missing has no more. */
  pages: v.record(v.string(), v.nullable(v.string())),
});
type Position = v.InferOutput<typeof Position>;

/** Of one call to Step Functions: its tokens hold for calls of the same size only, whatever the size of our page. */
const CALL_SIZE = 100;

/** An execution and the workflow it belongs to. */
export interface Found {
  readonly workflow: string;
  readonly execution: ListedExecution;
}

/** @throws {InvalidPageToken} */
function readToken(token: string | undefined): Position | undefined {
  if (token === undefined) return undefined;
  try {
    return v.parse(Position, JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch {
    throw new InvalidPageToken();
  }
}

function after({ at, shown }: Position, { startedAt, arn }: ListedExecution): boolean {
  return startedAt.getTime() < at || (startedAt.getTime() === at && !shown.includes(arn));
}

/**
 * One machine's list from a position on. Pages are asked for as they are needed; what was shown before, and what was
 * started since, is left out.
 */
class Lane {
  readonly workflow: string;
  readonly #ask: (token: string | undefined) => ReturnType<ExecutionsPort["list"]>;
  readonly #from: Position | undefined;
  /** Token of the page in hand: null for the first one. */
  #page: string | null;
  #next: string | undefined;
  #waiting: ListedExecution[] = [];
  #begun = false;

  constructor(
    workflow: string,
    from: Position | undefined,
    ask: (token: string | undefined) => ReturnType<ExecutionsPort["list"]>,
  ) {
    this.workflow = workflow;
    this.#from = from;
    this.#page = from?.pages[workflow] ?? null;
    this.#ask = ask;
  }

  async head(): Promise<ListedExecution | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#begun) {
        if (this.#next === undefined) return undefined;
        this.#page = this.#next;
      }
      const { executions, token } = await this.#ask(this.#page ?? undefined);
      this.#begun = true;
      this.#next = token;
      const from = this.#from;
      this.#waiting = from === undefined ? [...executions] : executions.filter((each) => after(from, each));
    }
    return this.#waiting[0];
  }

  take(): void {
    this.#waiting.shift();
  }

  /** The page on which the next execution stands; undefined when there is no more. */
  get resume(): string | null | undefined {
    return this.#waiting.length > 0 ? this.#page : this.#next;
  }
}

/**
 * Executions of several machines in one list, the latest start first, page by page.
 * @throws {InvalidPageToken}
 */
export async function mergedList(
  port: ExecutionsPort,
  machines: Readonly<Record<string, string>>,
  request: ListRequest,
): Promise<{ found: Found[]; token: string | undefined }> {
  const { status, limit } = request;
  const from = readToken(request.token);
  const lanes = Object.entries(machines)
    .filter(([workflow]) => from === undefined || Object.hasOwn(from.pages, workflow))
    .map(
      ([workflow, machine]) =>
        new Lane(workflow, from, (token) => port.list(machine, { status, token, limit: CALL_SIZE })),
    );
  await Promise.all(lanes.map((lane) => lane.head()));
  const found: Found[] = [];
  while (found.length < limit) {
    const latest = await latestOf(lanes);
    if (latest === undefined) break;
    found.push(latest.found);
    latest.lane.take();
  }
  return { found, token: nextToken(lanes, found, from) };
}

async function latestOf(lanes: readonly Lane[]): Promise<{ lane: Lane; found: Found } | undefined> {
  let latest: { lane: Lane; found: Found } | undefined;
  for (const lane of lanes) {
    const execution = await lane.head();
    if (execution === undefined) continue;
    if (latest === undefined || execution.startedAt > latest.found.execution.startedAt)
      latest = { lane, found: { workflow: lane.workflow, execution } };
  }
  return latest;
}

function nextToken(
  lanes: readonly Lane[],
  found: readonly Found[],
  from: Position | undefined,
): string | undefined {
  const last = found.at(-1)?.execution.startedAt.getTime();
  const open = lanes.filter((lane) => lane.resume !== undefined);
  if (last === undefined || open.length === 0) return undefined;
  const position: Position = {
    at: last,
    shown: [
      ...found
        .filter(({ execution }) => execution.startedAt.getTime() === last)
        .map((each) => each.execution.arn),
      ...(from?.at === last ? from.shown : []),
    ],
    pages: Object.fromEntries(open.map((lane) => [lane.workflow, lane.resume ?? null])),
  };
  return Buffer.from(JSON.stringify(position), "utf8").toString("base64url");
}
