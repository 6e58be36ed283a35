import { randomUUID } from "node:crypto";
import { Branch } from "../branch.ts";
import { Interrupted, StateFailure, stateErrors } from "../failures.ts";
import { isInteger, isObject, type JsonObject } from "../fields.ts";
import { History, maxHistoryEvents } from "../history.ts";
import type { Clock, Services } from "../ports.ts";
import { withRecovery } from "../recovery.ts";
import type { Run } from "../run.ts";
import type { Step } from "../state.ts";
import { TaskTokens } from "../tokens.ts";
import { type ErrorDetails, type Inspection, inspect } from "./inspection.ts";
import { answersLater, checkMock, checkUnmocked, type Mock, targetOf } from "./mock.ts";
import { checkContext } from "./mocked-context.ts";
import { checkMockedResult, type ResultShapes } from "./mocked-result.ts";
import { mockedServices } from "./mocked-services.ts";
import { StateTrial, WouldRetry } from "./state-trial.ts";
import { compileStateUnderTest, type StateUnderTest } from "./state-under-test.ts";
import { TestRefused } from "./test-refused.ts";

/** What is to be tested, and around what. */
export interface StateTest {
  /** JSON text of one state, or with `stateName` of the machine that has it. */
  readonly definition: string;
  readonly stateName: string | undefined;
  readonly roleArn: string | undefined;
  readonly input: unknown;
  readonly variables: JsonObject;
  /** Parsed JSON; only with a mock. */
  readonly context: unknown;
  readonly mock: Mock | undefined;
  /** How often the retrier that the failure matches has retried already. */
  readonly retrierRetryCount: number | undefined;
  readonly errorCausedByState: string | undefined;
  readonly mapIterationFailureCount: number | undefined;
  /** What an ItemReader finds, as it is in the bucket. */
  readonly mapItemReaderData: string | undefined;
}

/** Where a test runs. */
export interface TestGround {
  /** Runs the tasks that are not mocked. */
  readonly services: Services;
  /** Holds mocked results against the APIs that they stand for. */
  readonly resultShapes: ResultShapes;
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** In [0, 1), for the jitter of retries. */
  readonly random?: () => number;
}

/** How the state ended. */
export interface Tested {
  readonly status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  /** Present when there is one: `value` may be any JSON. */
  readonly output: { readonly value: unknown } | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly nextState: string | undefined;
  readonly inspection: Inspection;
}

/** AWS lets a test run for five minutes. */
const longestTest = 300_000;

/**
 * Runs one state alone, through the code that runs it in an execution.
 * @throws InvalidDefinition, TestRefused when there is nothing to run
 */
export async function testState(test: StateTest, ground: TestGround): Promise<Tested> {
  const tested = compileStateUnderTest(test.definition, test.stateName);
  const { state, surrounding } = tested;
  const { mock, input, roleArn } = test;
  if (mock === undefined) checkUnmocked(tested, roleArn);
  else checkMock(tested, mock, test.errorCausedByState);
  if (mock?.kind === "result" && state.type === "Task")
    await checkMockedResult(targetOf(tested), mock.value, mock.validation, ground.resultShapes);
  checkMapConfiguration(test, tested);
  const context = contextOf(test, answersLater(targetOf(tested)));
  const retriesBefore = test.retrierRetryCount ?? retryCountOf(context) ?? 0;
  const failedIterations = test.mapIterationFailureCount;
  const trial = new StateTrial({ mock, context, roleArn, retriesBefore, failedIterations });
  const { branch, stop } = begin(test, ground, tested, trial);

  const attempts = surrounding.reduce<() => Promise<Step>>(
    (attempt, recovery) => () => withRecovery(branch, recovery, attempt),
    async () => state.run(branch),
  );
  const timeLimit = ground.clock.sleep(longestTest, branch.signal).then(stop, () => {});
  const { errorDetails, ...end } = await endOf(attempts, trial).finally(stop);
  await timeLimit;
  const inspection = inspect(input, branch.run.history.events, branch, trial);
  return { ...end, inspection: errorDetails === undefined ? inspection : { ...inspection, errorDetails } };
}

/** The state, entered in an execution of its own. */
function begin(
  test: StateTest,
  ground: TestGround,
  { state, inMap }: StateUnderTest,
  trial: StateTrial,
): { readonly branch: Branch; readonly stop: () => void } {
  const { input, mock, variables } = test;
  const { clock, account, region } = ground;
  const [name, machineName] = [randomUUID(), randomUUID()];
  const tokens = new TaskTokens();
  const run: Run = {
    facts: {
      arn: `arn:aws:states:${region}:${account}:express:${machineName}:${name}`,
      name,
      machineArn: `arn:aws:states:${region}:${account}:stateMachine:${machineName}`,
      machineName,
      roleArn: test.roleArn ?? "",
    },
    region,
    input,
    services:
      mock === undefined ? ground.services : mockedServices(state, mock, tokens, test.mapItemReaderData),
    clock,
    tokens,
    history: new History(clock.now, maxHistoryEvents),
    random: ground.random ?? Math.random,
    startedAt: clock.now(),
    startChild: () => {
      throw new Error("A tested Map state must not start children");
    },
    trial,
    redrivenAt: undefined,
    redriveCount: 0,
    transitions: 0,
  };
  const stopping = new AbortController();
  const branch = new Branch({
    run,
    flow: { startAt: state.name, states: new Map([[state.name, state]]) },
    input,
    previous: 0,
    signal: stopping.signal,
    variables,
    item: inMap ? { index: 0, value: input } : undefined,
  });
  branch.enter(state);
  branch.retryCount = trial.retriesBefore;
  return { branch, stop: () => stopping.abort(new Interrupted()) };
}

type End = Omit<Tested, "inspection"> & { readonly errorDetails?: ErrorDetails };

async function endOf(attempts: () => Promise<Step>, trial: StateTrial): Promise<End> {
  const failed = (status: Tested["status"], { error, failureCause }: StateFailure) => ({
    status,
    output: undefined,
    error,
    cause: failureCause,
    nextState: undefined,
  });
  try {
    const { next, output } = await attempts();
    const { caught } = trial;
    const end = { output: { value: output }, nextState: next };
    if (caught === undefined) return { ...end, status: "SUCCEEDED", error: undefined, cause: undefined };
    const errorDetails = { catchIndex: caught.catcherIndex };
    return { ...failed("CAUGHT_ERROR", caught.failure), ...end, errorDetails };
  } catch (thrown) {
    if (thrown instanceof StateFailure) return failed("FAILED", thrown);
    // Nothing but the time limit interrupts a test.
    if (thrown instanceof Interrupted)
      return failed("FAILED", new StateFailure(stateErrors.timeout, undefined));
    if (!(thrown instanceof WouldRetry)) throw thrown;
    const { failure, retrierIndex, delaySeconds } = thrown;
    // The API tells whole seconds.
    const errorDetails = { retryIndex: retrierIndex, retryBackoffIntervalSeconds: Math.floor(delaySeconds) };
    return { ...failed("RETRIABLE", failure), errorDetails };
  }
}

/** @throws TestRefused when the test configures what the state has not */
function checkMapConfiguration(test: StateTest, { state, source, inMap }: StateUnderTest): void {
  const isMap = state.type === "Map";
  if (test.mapIterationFailureCount !== undefined && !isMap && !inMap) {
    throw new TestRefused("mapIterationFailureCount is for a Map state, or a state inside of one");
  }
  if (test.mapItemReaderData !== undefined && !isMap) {
    throw new TestRefused("mapItemReaderData is for a Map state with an ItemReader");
  }
  if (isMap && source.ItemReader !== undefined && test.mapItemReaderData === undefined) {
    throw new TestRefused(
      "ItemReader data must be specified when testing a Map state with ItemReader specified.",
    );
  }
}

/** @throws TestRefused */
function contextOf({ context, mock }: StateTest, takesToken: boolean): JsonObject | undefined {
  if (context === undefined) return undefined;
  if (mock === undefined) throw new TestRefused("A context can only be specified together with a mock");
  return checkContext(context, takesToken);
}

/** A mocked context may tell how often the state was retried; AWS lets a test say so in either place. */
function retryCountOf(context: JsonObject | undefined): number | undefined {
  const count: unknown = isObject(context?.State) ? context.State.RetryCount : undefined;
  return isInteger(count) ? count : undefined;
}
