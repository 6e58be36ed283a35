import { randomBytes } from "node:crypto";
import { StateFailure } from "./failures.ts";
import { TaskFailure } from "./ports.ts";

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (failure: TaskFailure) => void;
  readonly heartbeat: () => void;
}

/** A task waiting for its token to be answered. */
export interface Callback {
  readonly token: string;
  readonly answer: Promise<unknown>;
  /** Forgets the token: a late answer is told that the task has timed out. */
  readonly close: () => void;
  /** Called at each heartbeat. */
  onHeartbeat: () => void;
}

/** Why a token cannot be answered, named as AWS names the API errors. */
export class TokenRefused extends Error {
  override readonly name: "TaskTimedOut" | "InvalidToken";

  constructor(name: "TaskTimedOut" | "InvalidToken", message: string) {
    super(message);
    this.name = name;
  }
}

/** Task tokens of all running executions: what SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat answer. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();
  /** Tokens are recognised as once ours by this mark, so that a late answer is told apart from a wrong one. */
  readonly #mark = randomBytes(6).toString("hex");

  /** A new token, waited for at once. */
  open(): Callback {
    const token = Buffer.from(`penstock:${this.#mark}:${randomBytes(24).toString("base64url")}`).toString(
      "base64",
    );
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(() => {}); // Nobody may be listening yet, or any more.
    const callback: Callback = {
      token,
      answer: promise,
      close: () => this.#waiting.delete(token),
      onHeartbeat: () => {},
    };
    this.#waiting.set(token, { resolve, reject, heartbeat: () => callback.onHeartbeat() });
    return callback;
  }

  /** @throws TokenRefused */
  succeed(token: string, output: unknown): void {
    this.#take(token).resolve(output);
  }

  /** @throws TokenRefused */
  fail(token: string, error?: string, cause?: string): void {
    this.#take(token).reject(new TaskFailure(error, cause));
  }

  /** @throws TokenRefused */
  heartbeat(token: string): void {
    this.#find(token).heartbeat();
  }

  #take(token: string): Waiting {
    const waiting = this.#find(token);
    this.#waiting.delete(token);
    return waiting;
  }

  #find(token: string): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting !== undefined) return waiting;
    if (Buffer.from(token, "base64").toString().startsWith(`penstock:${this.#mark}:`)) {
      throw new TokenRefused("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
    throw new TokenRefused("InvalidToken", "Invalid Token: 'Invalid token'");
  }
}

/** Turns what a service threw into the failure of the state. Anything but a TaskFailure is a bug of the service. */
export function failureOf(thrown: unknown): StateFailure {
  if (thrown instanceof StateFailure) return thrown;
  if (thrown instanceof TaskFailure) return new StateFailure(thrown.error, thrown.failureCause);
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new StateFailure(
    "States.Runtime",
    `The local service threw something that is no TaskFailure: ${message}`,
  );
}
