import type { Execution } from "./execution.ts";
import type { History } from "./history.ts";
import type { MapRun } from "./map-run/map-run.ts";
import type { Clock, ExecutionFacts, Services } from "./ports.ts";
import type { Flow } from "./state.ts";
import type { Trial } from "./test-state/trial.ts";
import type { TaskTokens } from "./tokens.ts";

/** An execution that a Distributed Map starts, with a history of its own. */
export interface ChildStart extends Omit<ExecutionFacts, "roleArn"> {
  readonly input: unknown;
  /** After which it times out. */
  readonly timeoutSeconds: number | undefined;
}

/** Is told of the Map Runs of an execution, and of those of its children. */
export interface MapRunObserver {
  /** A Map Run begins, or goes on with a redrive. */
  began(mapRun: MapRun): void;
  /** A child execution of it begins, or goes on with a redrive. */
  childBegan(child: Execution, mapRun: MapRun): void;
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
  readonly startChild: (flow: Flow, child: ChildStart) => Execution;
  readonly mapRuns?: MapRunObserver | undefined;
  /** Present when one state is tested alone. */
  readonly trial?: Trial;
  redrivenAt: number | undefined;
  redriveCount: number;
  /** Transitions since the process was last given time for other things. */
  transitions: number;
}
