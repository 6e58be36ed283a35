import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "../compile-cache.ts";
import { AwsError } from "../gateway/aws-error.ts";
import type { CredentialIssuer } from "../gateway/credentials.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import type { WantedJob } from "../program/jobs.ts";
import type { PlanMessage } from "./plan-protocol.ts";

export type JobRunState = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMEOUT" | "STOPPED";

export interface JobRun {
  readonly id: string;
  readonly job: WantedJob;
  readonly arguments: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  state: JobRunState;
  endedAt: Date | undefined;
  errorMessage: string | undefined;
}

export interface JobPlace {
  readonly root: string;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: CredentialIssuer;
  readonly keeper: ProcessKeeper;
  /** Holds the runs' temporary files. */
  readonly workDirectory: string;
}

const program = new URL("run-plan-process.ts", import.meta.url);

/** Glue's job runs: each one process that runs a query plan on DuckDB, where Glue would run it on Spark. */
export class JobRuns {
  readonly #jobs: ReadonlyMap<string, WantedJob>;
  readonly #place: JobPlace;
  readonly #runs = new Map<string, JobRun>();
  readonly #processes = new Map<string, ChildProcess>();

  constructor(jobs: readonly WantedJob[], place: JobPlace) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#place = place;
  }

  get running(): number {
    return this.#processes.size;
  }

  /** @throws {AwsError} EntityNotFoundException, ConcurrentRunsExceededException */
  start(jobName: string, given: Readonly<Record<string, string>>): JobRun {
    const job = this.#jobs.get(jobName);
    if (job === undefined)
      throw new AwsError(
        "EntityNotFoundException",
        `Failed to start job run due to missing metadata: ${jobName}`,
      );
    const running = [...this.#runs.values()].filter(
      (run) => run.job === job && run.state === "RUNNING",
    ).length;
    if (running >= job.maxConcurrentRuns) {
      throw new AwsError("ConcurrentRunsExceededException", `Concurrent runs exceeded for ${jobName}`);
    }
    const run: JobRun = {
      id: `jr_${randomBytes(32).toString("hex")}`,
      job,
      arguments: { ...job.defaultArguments, ...given },
      startedAt: new Date(),
      state: "RUNNING",
      endedAt: undefined,
      errorMessage: undefined,
    };
    this.#runs.set(run.id, run);
    this.#launch(run);
    return run;
  }

  /** @throws {AwsError} EntityNotFoundException */
  get(jobName: string, id: string): JobRun {
    const run = this.#runs.get(id);
    if (run === undefined || run.job.name !== jobName)
      throw new AwsError("EntityNotFoundException", `Job Run ${id} is not found`);
    return run;
  }

  of(jobName: string): JobRun[] {
    return [...this.#runs.values()].filter((run) => run.job.name === jobName).reverse();
  }

  stop(run: JobRun): void {
    this.#end(run, "STOPPED");
  }

  #launch(run: JobRun): void {
    const plan = run.arguments["--plan"];
    if (plan === undefined) {
      this.#end(run, "FAILED", "The local cloud runs jobs by their --plan argument, and this run has none.");
      return;
    }
    const temporary = join(this.#place.workDirectory, run.id);
    mkdirSync(temporary, { recursive: true });
    const { accessKeyId, secretAccessKey, sessionToken } = this.#place.credentials.issue(
      run.job.role,
      "GlueJobRunnerSession",
    );
    const child = fork(program, {
      cwd: this.#place.root,
      env: {
        PATH: process.env.PATH ?? "",
        NODE_COMPILE_CACHE: compileCache(this.#place.root),
        AWS_REGION: this.#place.region,
        AWS_ENDPOINT_URL: this.#place.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        TMPDIR: temporary,
        PENSTOCK_PLAN: plan,
      },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#place.keeper.keep(child);
    this.#processes.set(run.id, child);
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on("message", (message: PlanMessage) => {
      if (message.type === "succeeded") this.#end(run, "SUCCEEDED");
      else this.#end(run, "FAILED", message.message);
    });
    const timer = setTimeout(
      () => this.#end(run, "TIMEOUT", "Job run timed out"),
      run.job.timeoutMinutes * 60_000,
    );
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      this.#processes.delete(run.id);
      rmSync(temporary, { recursive: true, force: true });
      this.#end(run, "FAILED", `The process ended with ${signal ?? `exit status ${code}`}. ${errors}`.trim());
    });
  }

  /** The first end counts. */
  #end(run: JobRun, state: JobRunState, errorMessage?: string): void {
    if (run.state !== "RUNNING") return;
    run.state = state;
    run.endedAt = new Date();
    run.errorMessage = errorMessage;
    if (state === "STOPPED" || state === "TIMEOUT") this.#processes.get(run.id)?.kill("SIGKILL");
  }

  async close(): Promise<void> {
    const gone = [...this.#processes.values()].map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGKILL");
        }),
    );
    await Promise.all(gone);
  }
}
