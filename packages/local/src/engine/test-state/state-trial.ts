import { StateFailure, stateErrors } from "../failures.ts";
import type { JsonObject } from "../fields.ts";
import { exceeds } from "../map-run/tolerance.ts";
import type { Mock } from "./mock.ts";
import { testedName } from "./state-under-test.ts";
import { TestRefused } from "./test-refused.ts";
import type { MapFindings, Trial } from "./trial.ts";

/** A failure that a catcher took over. */
export interface Caught {
  readonly failure: StateFailure;
  readonly catcherIndex: number;
}

/** Ends a test at the point where an execution would wait for a retry. */
export class WouldRetry extends Error {
  override readonly name = "WouldRetry";
  readonly failure: StateFailure;
  readonly retrierIndex: number;
  readonly delaySeconds: number;

  constructor(failure: StateFailure, retrierIndex: number, delaySeconds: number) {
    super(`Retrier ${retrierIndex} would retry after ${delaySeconds} s: ${failure.message}`);
    this.failure = failure;
    this.retrierIndex = retrierIndex;
    this.delaySeconds = delaySeconds;
  }
}

export interface StateTrialOptions {
  readonly mock: Mock | undefined;
  /** In place of the context object of an execution. */
  readonly context: JsonObject | undefined;
  readonly roleArn: string | undefined;
  readonly retriesBefore: number;
  /** How many iterations of a Map failed; undefined when the test does not say. */
  readonly failedIterations: number | undefined;
}

/** The trial of one state: gathers what the answer tells. */
export class StateTrial implements Trial {
  readonly retriesBefore: number;
  findings: MapFindings = {};
  caught: Caught | undefined;
  readonly #options: StateTrialOptions;

  constructor(options: StateTrialOptions) {
    this.#options = options;
    this.retriesBefore = options.retriesBefore;
  }

  /**
   * As AWS shows it: an express execution, which is never redriven, and the same name for whatever state. A context
   * that the test gives is the whole of it, but for the item that a Map puts into it for its ItemSelector.
   */
  context(shown: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { context, roleArn } = this.#options;
    if (context !== undefined) return shown.Map === undefined ? context : { ...context, Map: shown.Map };
    const { RedriveCount: _, ...execution } = Object(shown.Execution);
    return {
      ...shown,
      Execution: { ...execution, RoleArn: roleArn ?? null },
      State: { ...Object(shown.State), Name: testedName },
    };
  }

  saw(findings: MapFindings): void {
    this.findings = { ...this.findings, ...findings };
  }

  result(): unknown {
    const { mock } = this.#options;
    if (mock === undefined) throw new Error("A Parallel or Map state was tested without a mock");
    const { iterations } = this.findings;
    if (iterations !== undefined) this.#countIterations(iterations, mock);
    if (mock.kind === "error") throw new StateFailure(mock.error, mock.cause);
    return mock.value;
  }

  /** Holds a Map's iterations against its tolerance and the mock. @throws StateFailure, TestRefused */
  #countIterations(iterations: number, mock: Mock): void {
    const { failedIterations = 0 } = this.#options;
    const { tolerance } = this.findings;
    if (failedIterations > iterations) {
      throw new TestRefused(
        "Map iteration failure count must be less than or equal to the number of Map iterations.",
      );
    }
    // Unlike a Map Run, a test of a Map that sets no tolerance is taken to tolerate every failure.
    const limited = tolerance?.count !== undefined || tolerance?.percentage !== undefined;
    if (limited && exceeds(tolerance, failedIterations, iterations)) {
      throw new StateFailure(
        stateErrors.exceedToleratedFailureThreshold,
        "The specified tolerated failure threshold was exceeded",
      );
    }
    const results = mock.kind === "result" && Array.isArray(mock.value) ? mock.value.length : iterations;
    // The iterations that failed may have results in the mock or be left out, as they are of a real result.
    if (results !== iterations && results !== iterations - failedIterations) {
      throw new TestRefused("Input array does not equal the mocked result array's size.");
    }
  }

  retrying(failure: StateFailure, retrierIndex: number, delaySeconds: number): never {
    throw new WouldRetry(failure, retrierIndex, delaySeconds);
  }

  catching(failure: StateFailure, catcherIndex: number): void {
    this.caught = { failure, catcherIndex };
  }
}
