import type { History } from "./history.ts";
import type { Clock, ExecutionFacts, Services } from "./ports.ts";
import type { Flow } from "./state.ts";
import type { Trial } from "./test-state/trial.ts";
import type { TaskTokens } from "./tokens.ts";

/** How a child execution ended. */
export type ChildOutcome =
  | { readonly status: "SUCCEEDED"; readonly output: unknown }
  | { readonly status: "FAILED" | "TIMED_OUT" | "ABORTED" };

/** An execution that a Distributed Map starts, with a history of its own. */
export interface ChildExecution {
  /** Settles when it ends, also after a redrive. */
  result(): Promise<ChildOutcome>;
  stop(): void;
  redrive(): void;
}

/** What all branches of one execution share. */
export interface Run {
  readonly facts: ExecutionFacts;
  readonly region: string;
  readonly input: unknown;
  readonly services: Services;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly history: History;
  /** In [0, 1): for the jitter of retries. */
  readonly random: () => number;
  readonly startedAt: number;
  readonly startChild: (
    flow: Flow,
    child: { readonly arn: string; readonly name: string; readonly input: unknown },
  ) => ChildExecution;
  /** Present when one state is tested alone. */
  readonly trial?: Trial;
  redrivenAt: number | undefined;
  redriveCount: number;
  /** Transitions since the process was last given time for other things. */
  transitions: number;
}
