import { isObject } from "../fields.ts";
import { parseResource, type TaskTarget } from "../resource.ts";
import type { FieldValidationMode } from "./mocked-result.ts";
import { contains, flowsIn, type StateUnderTest } from "./state-under-test.ts";
import { TestRefused } from "./test-refused.ts";

/** What takes the place of what a Task, Parallel or Map state does. */
export type Mock =
  | { readonly kind: "result"; readonly value: unknown; readonly validation: FieldValidationMode }
  | { readonly kind: "error"; readonly error: string; readonly cause: string | undefined };

const mockable = new Set(["Task", "Parallel", "Map"]);

/** How a tested Task is called; undefined for states of other types. */
export function targetOf({ state, source }: StateUnderTest): TaskTarget | undefined {
  return state.type === "Task" ? parseResource(String(source.Resource)) : undefined;
}

/** Whether the service answers a task later: its own polling, or a token. */
export function answersLater(target: TaskTarget | undefined): boolean {
  return target?.kind === "integration" && target.pattern !== "response";
}

/**
 * What AWS demands of a test without a mock.
 * @throws TestRefused
 */
export function checkUnmocked(tested: StateUnderTest, roleArn: string | undefined): void {
  const { type } = tested.state;
  if (type === "Map" || type === "Parallel") {
    throw new TestRefused(
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
      "InvalidDefinition",
    );
  }
  if (answersLater(targetOf(tested))) {
    throw new TestRefused(
      "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns when no mock is specified",
      "InvalidDefinition",
    );
  }
  if (type === "Task" && roleArn === undefined) {
    throw new TestRefused("RoleArn must be specified when testing a Task state");
  }
}

/**
 * What AWS demands of a mock by the type of the state.
 * @throws TestRefused
 */
export function checkMock(tested: StateUnderTest, mock: Mock, errorCausedByState: string | undefined): void {
  const { state, source } = tested;
  if (!mockable.has(state.type)) {
    throw new TestRefused(`State type '${state.type}' is not supported when a mock is specified`);
  }
  if (errorCausedByState !== undefined) {
    if (mock.kind !== "error" || state.type === "Task") {
      throw new TestRefused(
        "errorCausedByState is for a mocked error of a Map or Parallel state: leave it out of any other test",
      );
    }
    if (!contains(flowsIn(source), errorCausedByState)) {
      throw new TestRefused(
        `errorCausedByState: there is no state '${errorCausedByState}' inside of the tested one`,
      );
    }
  }
  if (mock.kind === "error" || state.type === "Task") return;
  if (source.ResultWriter !== undefined) {
    if (!isObject(mock.value)) throw new TestRefused("Mocked result must be a JSON object.");
    return;
  }
  if (!Array.isArray(mock.value)) throw new TestRefused("Mocked result must be an array.");
  if (state.type === "Parallel" && mock.value.length !== flowsIn(source).length) {
    throw new TestRefused(
      "Mocked result must contain the same number of items as number of Parallel branches.",
    );
  }
}
