import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsError } from "../gateway/aws-error.ts";
import type { Caller } from "../gateway/call.ts";
import type { CredentialIssuer } from "../gateway/credentials.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import type { CatalogTable, WorkGroup } from "../program/catalog.ts";
import { type QueryMessage, type QueryOrder, type QueryResult, resultFile } from "./query-protocol.ts";

/** What a caller asks Athena to run. */
export interface WantedQuery {
  readonly sql: string;
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
  /** Prefix of the results, with a slash at its end. */
  readonly output: string;
  readonly submittedAt: Date;
  state: QueryState;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  failure: { readonly byCaller: boolean; readonly message: string } | undefined;
  /** Of a query that succeeded. */
  done: Extract<QueryMessage, { type: "succeeded" }> | undefined;
}

export interface QueryPlace {
  readonly root: string;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: CredentialIssuer;
  readonly keeper: ProcessKeeper;
  /** Holds the mirror of objects, and the queries' temporary files and results. */
  readonly workDirectory: string;
  readonly tables: readonly CatalogTable[];
  readonly workGroups: ReadonlyMap<string, WorkGroup>;
}

/** Each has a DuckDB with a gigabyte; the others wait. */
const MOST_RUNNING = 2;

const program = new URL("run-query-process.ts", import.meta.url);

/** Athena's query executions: each has a process with a DuckDB for its time, which reads and writes S3 as the caller. */
export class QueryExecutions {
  readonly #place: QueryPlace;
  readonly #byId = new Map<string, QueryExecution>();
  readonly #byToken = new Map<string, QueryExecution>();
  readonly #processes = new Map<QueryExecution, ChildProcess>();
  readonly #queue: QueryExecution[] = [];
  /** Starting one takes a second, most of it the transpiler, so they stay. */
  #idle: ChildProcess[] = [];

  constructor(place: QueryPlace) {
    this.#place = place;
  }

  /** Queries that wait or run. */
  get pending(): number {
    return this.#queue.length + this.#processes.size;
  }

  /** The same query for the same token. @throws {AwsError} InvalidRequestException */
  start(wanted: WantedQuery, token: string | undefined, caller: Caller): QueryExecution {
    const output = this.#outputOf(wanted);
    const before = token === undefined ? undefined : this.#byToken.get(token);
    if (before !== undefined) {
      if (JSON.stringify(before.wanted) === JSON.stringify(wanted)) return before;
      throw invalid("Idempotent parameters do not match");
    }
    const query: QueryExecution = {
      id: randomUUID(),
      wanted,
      caller,
      output,
      submittedAt: new Date(),
      state: "QUEUED",
      startedAt: undefined,
      endedAt: undefined,
      failure: undefined,
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

  /** Does nothing to a query that has ended. */
  stop(query: QueryExecution): void {
    const at = this.#queue.indexOf(query);
    if (at !== -1) this.#queue.splice(at, 1);
    this.#end(query, "CANCELLED");
  }

  /** Rows of a query that has succeeded. @throws {AwsError} InvalidRequestException */
  async result(query: QueryExecution): Promise<QueryResult> {
    if (query.state === "FAILED")
      throw invalid("Query did not finish successfully. Final query state: FAILED");
    if (query.state !== "SUCCEEDED")
      throw invalid(`Query has not yet finished. Current state: ${query.state}`);
    return JSON.parse(await readFile(join(this.#directoryOf(query), resultFile), "utf8"));
  }

  #outputOf({ workGroup, outputLocation }: WantedQuery): string {
    const group = this.#place.workGroups.get(workGroup);
    if (group === undefined) throw invalid(`WorkGroup ${workGroup} is not found.`);
    const wanted = group.enforced
      ? (group.outputLocation ?? outputLocation)
      : (outputLocation ?? group.outputLocation);
    if (wanted === undefined) {
      throw invalid(
        "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
      );
    }
    if (!/^s3:\/\/[^/]+(\/.*)?$/.test(wanted)) throw invalid("outputLocation is not a valid S3 path.");
    return wanted.endsWith("/") ? wanted : `${wanted}/`;
  }

  #directoryOf(query: QueryExecution): string {
    return join(this.#place.workDirectory, "queries", query.id);
  }

  #next(): void {
    while (this.#processes.size < MOST_RUNNING) {
      const query = this.#queue.shift();
      if (query === undefined) return;
      this.#launch(query);
    }
  }

  #launch(query: QueryExecution): void {
    const { workDirectory, tables } = this.#place;
    query.state = "RUNNING";
    query.startedAt = new Date();
    const directory = this.#directoryOf(query);
    mkdirSync(directory, { recursive: true });
    const child = this.#idle.pop() ?? this.#fork();
    this.#processes.set(query, child);
    const ended = () => {
      this.#processes.delete(query);
      if (query.state !== "SUCCEEDED") rmSync(directory, { recursive: true, force: true });
      this.#next();
    };
    const answered = (message: QueryMessage) => {
      child.off("exit", gone);
      if (!child.killed) this.#idle.push(child);
      if (message.type === "succeeded") query.done = message;
      this.#end(query, message.type === "succeeded" ? "SUCCEEDED" : "FAILED", failureOf(message));
      ended();
    };
    const gone = (code: number | null, signal: string | null) => {
      const message = `The process ended with ${signal ?? `exit status ${code}`}`;
      this.#end(query, "FAILED", { byCaller: false, message });
      ended();
    };
    child.once("message", answered);
    child.once("exit", gone);
    const order: QueryOrder = {
      id: query.id,
      sql: query.wanted.sql,
      database: query.wanted.database?.toLowerCase(),
      tables,
      output: query.output,
      workDirectory: directory,
      mirrorDirectory: join(workDirectory, "mirror"),
      credentials: this.#credentialsOf(query.caller),
    };
    child.send(order);
  }

  #fork(): ChildProcess {
    const { root, endpoint, region, keeper, workDirectory } = this.#place;
    const child = fork(program, {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? "",
        AWS_REGION: region,
        AWS_ENDPOINT_URL: endpoint,
        TMPDIR: workDirectory,
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    keeper.keep(child);
    child.once("exit", () => {
      this.#idle = this.#idle.filter((each) => each !== child);
    });
    return child;
  }

  /** Athena reads and writes with the rights of who asked. */
  #credentialsOf({ role, session, accessKeyId }: Caller): Record<string, string> {
    if (role === undefined) return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: "operator" };
    const issued = this.#place.credentials.issue(role, session ?? "athena");
    return {
      AWS_ACCESS_KEY_ID: issued.accessKeyId,
      AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
      AWS_SESSION_TOKEN: issued.sessionToken,
    };
  }

  /** The first end counts. */
  #end(query: QueryExecution, state: QueryState, failure?: QueryExecution["failure"]): void {
    if (query.state !== "RUNNING" && query.state !== "QUEUED") return;
    query.state = state;
    query.endedAt = new Date();
    query.failure = failure;
    if (state === "CANCELLED") this.#processes.get(query)?.kill("SIGKILL");
  }

  async close(): Promise<void> {
    this.#queue.length = 0;
    const gone = [...this.#processes.values(), ...this.#idle].map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGKILL");
        }),
    );
    await Promise.all(gone);
  }
}

function failureOf(message: QueryMessage): QueryExecution["failure"] {
  return message.type === "failed" ? message : undefined;
}

/** Athena's answer to whatever is wrong with a request. */
export function invalid(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
