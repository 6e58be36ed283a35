import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compileCache } from "../compile-cache.ts";
import type { ProcessKeeper } from "../process-keeper.ts";
import type { LocalFunction } from "./local-function.ts";
import { residentMb, WEIGHING_INTERVAL_MS } from "./resident-memory.ts";
import type { FunctionError, InvokeMessage, SandboxMessage } from "./sandbox-protocol.ts";

/** How one invocation ended. */
export type InvocationResult =
  | { readonly outcome: "succeeded" /** JSON text */; readonly payload: string }
  | { readonly outcome: "failed"; readonly error: FunctionError };

/** How long loading a handler may take. It does not count against the function's own time limit. */
const INIT_LIMIT_MS = 60_000;

/**
 * So much more than its memory a function may have resident before it is killed. A sandbox loads packages as they lie
 * instead of from one bundle, and TypeScript with its types: measured here, an empty handler has 72 MB resident, one
 * with the S3 client 96 MB, of which a bundle needs about a third less.
 */
const RUNTIME_ALLOWANCE_MB = 32;

const bootstrap = new URL("bootstrap.ts", import.meta.url);

/** One child process that runs one invocation at a time of one function. */
export class Sandbox {
  readonly #child: ChildProcess;
  readonly #function: LocalFunction;
  readonly #ready: Promise<FunctionError | undefined>;
  readonly #temporary: string;
  #onMessage: (message: SandboxMessage) => void = () => {};
  /** Why the cloud killed it, if it did. */
  #killedFor: "memory" | "timeout" | "end" | undefined;
  #exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  readonly #exited: Promise<void>;
  /** The most resident memory seen, in MB. */
  peakMb = 0;
  lastUsed = Date.now();

  /** @param onOutput gets each piece of what the sandbox prints */
  constructor(
    local: LocalFunction,
    temporaryRoot: string,
    keeper: ProcessKeeper,
    onOutput: (text: string) => void,
  ) {
    const id = randomUUID();
    this.#function = local;
    this.#temporary = join(temporaryRoot, id);
    mkdirSync(this.#temporary, { recursive: true });
    this.#child = fork(bootstrap, [compileCache(local.root)], {
      cwd: local.root,
      env: {
        ...local.sandboxEnvironment,
        AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${id.replaceAll("-", "")}`,
        TMPDIR: this.#temporary,
      },
      // The heap's bound lies under the function's, so that what JavaScript hoards is collected before it is fatal.
      execArgv: [
        "--disable-warning=ExperimentalWarning",
        `--max-old-space-size=${Math.max(64, Math.floor(local.memoryMb * 0.9))}`,
      ],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    keeper.keep(this.#child);
    this.#child.stdout?.setEncoding("utf8").on("data", onOutput);
    this.#child.stderr?.setEncoding("utf8").on("data", onOutput);
    this.#child.on("message", (message: SandboxMessage) => this.#onMessage(message));
    this.#exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#exit = { code, signal };
        rmSync(this.#temporary, { recursive: true, force: true });
        resolve();
      };
      this.#child.once("exit", end);
      this.#child.once("error", () => end(null, null));
    });
    this.#ready = this.#start();
  }

  get alive(): boolean {
    return this.#exit === undefined && this.#killedFor === undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async #start(): Promise<FunctionError | undefined> {
    const { promise, resolve } = Promise.withResolvers<FunctionError | undefined>();
    this.#onMessage = (message) => {
      if (message.type === "ready") resolve(undefined);
      if (message.type === "init-failed") resolve(message.error);
    };
    const timer = setTimeout(() => this.#kill("timeout"), INIT_LIMIT_MS);
    const error = await Promise.race([
      promise,
      this.#exited.then(() => this.#deathNotice("", INIT_LIMIT_MS / 1000)),
    ]);
    clearTimeout(timer);
    return error;
  }

  /** Runs one event to its end. The sandbox is of no more use when it is not {@link alive} afterwards. */
  async invoke(event: string, requestId: string): Promise<InvocationResult> {
    this.lastUsed = Date.now();
    const initError = await this.#ready;
    if (initError !== undefined) {
      this.#kill("end");
      return { outcome: "failed", error: initError };
    }
    const { timeoutSeconds, arn } = this.#function;
    const { promise, resolve } = Promise.withResolvers<InvocationResult>();
    this.#onMessage = (message) => {
      if (message.type === "succeeded" && message.requestId === requestId) {
        resolve({ outcome: "succeeded", payload: message.result });
      }
      if (message.type === "failed" && message.requestId === requestId) {
        resolve({ outcome: "failed", error: message.error });
      }
    };
    const timer = setTimeout(() => this.#kill("timeout"), timeoutSeconds * 1000);
    const weighing = setInterval(() => void this.#weigh(), WEIGHING_INTERVAL_MS);
    const deadlineMs = Date.now() + timeoutSeconds * 1000;
    const invocation: InvokeMessage = { type: "invoke", requestId, event, deadlineMs, functionArn: arn };
    this.#child.send(invocation, () => {});
    try {
      const died = this.#exited.then(
        (): InvocationResult => ({ outcome: "failed", error: this.#deathNotice(requestId, timeoutSeconds) }),
      );
      const result = await Promise.race([promise, died]);
      await this.#weigh();
      return result;
    } finally {
      clearTimeout(timer);
      clearInterval(weighing);
      this.lastUsed = Date.now();
    }
  }

  async #weigh(): Promise<void> {
    if (this.#child.pid === undefined || !this.alive) return;
    const weight = await residentMb(this.#child.pid);
    if (weight === undefined) return;
    this.peakMb = Math.max(this.peakMb, weight);
    if (weight > this.#function.memoryMb + RUNTIME_ALLOWANCE_MB) this.#kill("memory");
  }

  /** What AWS answers for a sandbox that is gone. */
  #deathNotice(requestId: string, seconds: number): FunctionError {
    const prefix = `RequestId: ${requestId} Error: `;
    if (this.#killedFor === "timeout") {
      return {
        errorType: "Sandbox.Timedout",
        errorMessage: `${prefix}Task timed out after ${seconds.toFixed(2)} seconds`,
      };
    }
    if (this.#killedFor === "memory") {
      return {
        errorType: "Runtime.OutOfMemory",
        errorMessage: `${prefix}Runtime exited with error: signal: killed`,
      };
    }
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    // V8 aborts when its own heap is full: to Lambda that is a runtime that crashed for want of memory.
    if (signal === "SIGABRT" || code === 134) {
      return {
        errorType: "Runtime.OutOfMemory",
        errorMessage: `${prefix}Runtime exited with error: signal: aborted`,
      };
    }
    const how = signal !== null ? `signal: ${signal}` : `exit status ${code}`;
    const exited =
      code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: ${how}`;
    return { errorType: "Runtime.ExitError", errorMessage: `${prefix}${exited}` };
  }

  #kill(reason: "memory" | "timeout" | "end"): void {
    this.#killedFor ??= reason;
    this.#child.kill("SIGKILL");
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    if (this.#exit === undefined) this.#kill("end");
    await this.#exited;
  }
}
