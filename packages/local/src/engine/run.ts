import type { History } from "./history.ts";
import type { Clock, ExecutionFacts, Services } from "./ports.ts";
import type { TaskTokens } from "./tokens.ts";

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
  redrivenAt: number | undefined;
  redriveCount: number;
  /** Transitions since the process was last given time for other things. */
  transitions: number;
}
