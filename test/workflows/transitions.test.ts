import { expect, test } from "vitest";
import { define, flow } from "../../workflows/asl/define.ts";

test("a Next that names no state does not compile", () => {
  flow("First", {
    First: { Type: "Pass", Next: "Second" },
    Second: { Type: "Succeed" },
  });
  flow("First", {
    // @ts-expect-error: there is no state "Thrid"
    First: { Type: "Pass", Next: "Thrid" },
    Third: { Type: "Succeed" },
  });
  // @ts-expect-error: the machine starts nowhere
  flow("Zeroth", { First: { Type: "Succeed" } });
  // Step Functions knows no `Timeout`, only `TimeoutSeconds`.
  const task = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: {},
    Retry: [],
    End: true,
  } as const;
  flow("First", { First: { ...task, TimeoutSeconds: 5 } });
  // @ts-expect-error
  flow("First", { First: { ...task, Timeout: 5 } });
  expect(define({ comment: "c", timeoutSeconds: 5, startAt: "A" }, { A: { Type: "Succeed" } })).toEqual({
    Comment: "c",
    QueryLanguage: "JSONata",
    TimeoutSeconds: 5,
    StartAt: "A",
    States: { A: { Type: "Succeed" } },
  });
});
