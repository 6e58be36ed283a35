import type { StateFailure } from "../failures.ts";
import type { Tolerance } from "../map-run/tolerance.ts";

/** What a Map state has evaluated on its way, told as it becomes known. */
export interface MapFindings {
  /** As written: 0 when there is no limit. */
  readonly maxConcurrency?: number;
  readonly tolerance?: Tolerance;
  /** The inputs that `ItemSelector` made of the items; not told when there is none. */
  readonly selected?: readonly unknown[];
  /** The inputs that `ItemBatcher` made of them; not told when there is none. */
  readonly batches?: readonly unknown[];
  /** How often the processor would run: once for each item, or each batch. */
  readonly iterations?: number;
}

/**
 * A test of one state alone, as states and their recovery see it: it stands in for what a test leaves out, and is told
 * what it is to report. A run that is no test has none.
 */
export interface Trial {
  /** How often the retrier that a failure matches has retried already. */
  readonly retriesBefore: number;
  /** The context object of the test, given the one that an execution would show. */
  context(shown: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  saw(findings: MapFindings): void;
  /**
   * The result of a Parallel or Map state, whose flows do not run.
   * @throws StateFailure when the test has the state fail
   */
  result(): unknown;
  /** A retrier would retry after a delay: ends the test. */
  retrying(failure: StateFailure, retrierIndex: number, delaySeconds: number): never;
  /** A catcher takes over; its Output and Assign are evaluated next. */
  catching(failure: StateFailure, catcherIndex: number): void;
}
