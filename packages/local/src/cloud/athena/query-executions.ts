import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Caller } from "../gateway/call.ts";
import type { WorkGroup } from "../program/work-groups.ts";
import { invalid } from "./invalid-request.ts";
import { outputOf } from "./query-paths.ts";
import { type QueryPlace, QueryProcesses, type RunningQuery } from "./query-processes.ts";
import { type QueryMessage, type QueryResult, type QuerySuccess, resultFile } from "./query-protocol.ts";
import type { WorkGroups } from "./work-groups.ts";

/** What a caller asks Athena to run. */
export interface WantedQuery {
  readonly sql: string;
  /** Values for `?`, as literals of SQL. */
  readonly parameters: readonly string[] | undefined;
  readonly database: string | undefined;
  readonly catalog: string | undefined;
  readonly workGroup: string;
  /** Where the caller wants the result; the workgroup may know better. */
  readonly outputLocation: string | undefined;
}

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface QueryExecution {
  readonly id: string;
  readonly wanted: WantedQuery;
  readonly caller: Caller;
  /** As it was when the query came. */
  readonly group: WorkGroup;
  /** Prefix of the results, with a slash at its end. */
  readonly output: string;
  readonly submittedAt: Date;
  state: QueryState;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  /** Of a query that did not succeed. */
  reason: string | undefined;
  /** Whether a failure is the caller's. */
  byCaller: boolean;
  scannedBytes: number;
  /** Of a query that succeeded. */
  done: QuerySuccess | undefined;
}

/** Each has a DuckDB that may take two gigabytes; the others wait. */
const MOST_RUNNING = 2;

/** Athena's query executions: each has a process with a DuckDB for its time, which reads and writes S3 as the caller. */
export class QueryExecutions {
  readonly groups: WorkGroups;
  readonly #workDirectory: string;
  readonly #processes: QueryProcesses;
  readonly #byId = new Map<string, QueryExecution>();
  readonly #byToken = new Map<string, QueryExecution>();
  readonly #running = new Map<QueryExecution, RunningQuery>();
  readonly #queue: QueryExecution[] = [];

  constructor(place: QueryPlace & { readonly workGroups: WorkGroups }) {
    this.groups = place.workGroups;
    this.#workDirectory = place.workDirectory;
    this.#processes = new QueryProcesses(place);
  }

  /** Queries that wait or run. */
  get pending(): number {
    return this.#queue.length + this.#running.size;
  }

  /** The same query for the same token. @throws {AwsError} InvalidRequestException */
  start(wanted: WantedQuery, token: string | undefined, caller: Caller): QueryExecution {
    const group = this.groups.get(wanted.workGroup);
    if (!group.enabled) throw invalid(`WorkGroup ${group.name} is disabled.`);
    const output = outputOf(group, wanted.outputLocation);
    const before = token === undefined ? undefined : this.#byToken.get(token);
    if (before !== undefined) {
      if (JSON.stringify(before.wanted) === JSON.stringify(wanted)) return before;
      throw invalid("Idempotent parameters do not match");
    }
    const query: QueryExecution = {
      id: randomUUID(),
      wanted,
      caller,
      group,
      output,
      submittedAt: new Date(),
      state: "QUEUED",
      startedAt: undefined,
      endedAt: undefined,
      reason: undefined,
      byCaller: false,
      scannedBytes: 0,
      done: undefined,
    };
    this.#byId.set(query.id, query);
    if (token !== undefined) this.#byToken.set(token, query);
    this.#queue.push(query);
    this.#next();
    return query;
  }

  /** An execution, if there is one of that id. */
  find(id: string): QueryExecution | undefined {
    return this.#byId.get(id);
  }

  /** @throws {AwsError} InvalidRequestException */
  get(id: string): QueryExecution {
    const query = this.#byId.get(id);
    if (query === undefined) throw invalid(`QueryExecution ${id} was not found`);
    return query;
  }

  /** Executions of a workgroup, the newest first. */
  of(workGroup: string): QueryExecution[] {
    return [...this.#byId.values()].filter(({ wanted }) => wanted.workGroup === workGroup).reverse();
  }

  /** Does nothing to a query that has ended. */
  stop(query: QueryExecution): void {
    const at = this.#queue.indexOf(query);
    if (at !== -1) this.#queue.splice(at, 1);
    this.#end(query, "CANCELLED", "Query cancelled by user");
    this.#running.get(query)?.kill();
  }

  /** Rows of a query that has succeeded. @throws {AwsError} InvalidRequestException */
  async result(query: QueryExecution): Promise<QueryResult> {
    if (query.state === "FAILED" || query.state === "CANCELLED")
      throw invalid(`Query did not finish successfully. Final query state: ${query.state}`);
    if (query.state !== "SUCCEEDED")
      throw invalid(`Query has not yet finished. Current state: ${query.state}`);
    return JSON.parse(await readFile(join(this.#directoryOf(query), resultFile), "utf8"));
  }

  #directoryOf(query: QueryExecution): string {
    return join(this.#workDirectory, "queries", query.id);
  }

  #next(): void {
    while (this.#running.size < MOST_RUNNING) {
      const query = this.#queue.shift();
      if (query === undefined) return;
      this.#launch(query);
    }
  }

  #launch(query: QueryExecution): void {
    const { id, wanted, group, output } = query;
    query.state = "RUNNING";
    query.startedAt = new Date();
    const directory = this.#directoryOf(query);
    mkdirSync(directory, { recursive: true });
    const order = {
      id,
      sql: wanted.sql,
      parameters: wanted.parameters,
      database: wanted.database?.toLowerCase(),
      output,
      outputEnforced: group.enforced && group.outputLocation !== undefined,
      bytesScannedCutoff: group.bytesScannedCutoff,
      workDirectory: directory,
      mirrorDirectory: join(this.#workDirectory, "mirror"),
    };
    const running = this.#processes.run(order, query.caller);
    this.#running.set(query, running);
    void running.ended.then((message) => {
      this.#answered(query, message);
      this.#running.delete(query);
      if (query.state !== "SUCCEEDED") rmSync(directory, { recursive: true, force: true });
      this.#next();
    });
  }

  #answered(query: QueryExecution, message: QueryMessage): void {
    if (query.state !== "RUNNING") return;
    switch (message.type) {
      case "succeeded":
        query.done = message;
        query.scannedBytes = message.scannedBytes;
        this.#end(query, "SUCCEEDED");
        return;
      case "cut off":
        query.scannedBytes = message.scannedBytes;
        this.#end(query, "CANCELLED", "Bytes scanned limit was exceeded");
        return;
      case "failed":
        query.byCaller = message.byCaller;
        this.#end(query, "FAILED", message.message);
    }
  }

  /** The first end counts. */
  #end(query: QueryExecution, state: QueryState, reason?: string): void {
    if (query.state !== "RUNNING" && query.state !== "QUEUED") return;
    query.state = state;
    query.endedAt = new Date();
    query.reason = reason;
  }

  async close(): Promise<void> {
    this.#queue.length = 0;
    await this.#processes.close();
  }
}
