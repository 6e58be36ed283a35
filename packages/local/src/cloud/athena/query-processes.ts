import { type ChildProcess, fork } from "node:child_process";
import { compileCache } from "../compile-cache.ts";
import type { Caller } from "../gateway/call.ts";
import type { CredentialIssuer } from "../gateway/credentials.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import type { QueryMessage, QueryOrder } from "./query-protocol.ts";

export interface QueryPlace {
  readonly root: string;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: CredentialIssuer;
  readonly keeper: ProcessKeeper;
  /** Holds the mirror of objects, and the queries' temporary files and results. */
  readonly workDirectory: string;
}

/** A query that a process has begun. */
export interface RunningQuery {
  /** How it ended; a process that ends before it answers is a failure. */
  readonly ended: Promise<QueryMessage>;
  readonly kill: () => void;
}

const program = new URL("run-query-process.ts", import.meta.url);

/** Processes with a DuckDB that run queries one after the other: starting one takes a second, so they stay. */
export class QueryProcesses {
  readonly #place: QueryPlace;
  readonly #all = new Set<ChildProcess>();
  #idle: ChildProcess[] = [];

  constructor(place: QueryPlace) {
    this.#place = place;
  }

  run(order: Omit<QueryOrder, "credentials">, caller: Caller): RunningQuery {
    const child = this.#idle.pop() ?? this.#fork();
    const ended = new Promise<QueryMessage>((resolve) => {
      const gone = (code: number | null, signal: string | null) => {
        const message = `The process ended with ${signal ?? `exit status ${code}`}`;
        resolve({ type: "failed", byCaller: false, message });
      };
      child.once("exit", gone);
      child.once("message", (message: QueryMessage) => {
        child.off("exit", gone);
        if (!child.killed) this.#idle.push(child);
        resolve(message);
      });
    });
    child.send({ ...order, credentials: this.#credentialsOf(caller) } satisfies QueryOrder);
    return { ended, kill: () => child.kill("SIGKILL") };
  }

  #fork(): ChildProcess {
    const { root, endpoint, region, keeper, workDirectory } = this.#place;
    const child = fork(program, {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? "",
        NODE_COMPILE_CACHE: compileCache(root),
        AWS_REGION: region,
        AWS_ENDPOINT_URL: endpoint,
        TMPDIR: workDirectory,
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    keeper.keep(child);
    this.#all.add(child);
    child.once("exit", () => {
      this.#all.delete(child);
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

  async close(): Promise<void> {
    const gone = [...this.#all].map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGKILL");
        }),
    );
    await Promise.all(gone);
  }
}
