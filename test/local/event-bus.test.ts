import { describe, expect, test } from "vitest";
import { makeEvent } from "../../packages/local/src/cloud/events/event.ts";
import {
  DeliveryFailure,
  EventBus,
  type Rule,
  type Target,
} from "../../packages/local/src/cloud/events/event-bus.ts";
import type { Clock } from "../../packages/local/src/engine/index.ts";
import { eventually } from "./clients.ts";

const event = makeEvent({ source: "shop", "detail-type": "x", detail: {} }, { account: "0", region: "r" });

/** A bus with one target, on a clock that jumps ahead instead of waiting. */
function busFor(target: Partial<Target>, deliver: (attempt: number) => void) {
  let now = 0;
  let attempts = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const buried: Record<string, string>[] = [];
  const lost: string[] = [];
  const full: Target = {
    arn: "arn:aws:sqs:r:0:q",
    role: undefined,
    deadLetterQueueArn: "arn:aws:sqs:r:0:dead",
    retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    ...target,
  };
  const rule: Rule = {
    name: "r",
    arn: "arn:r",
    bus: "default",
    pattern: { source: ["shop"] },
    targets: [full],
  };
  const bus = new EventBus({
    rules: [rule],
    clock,
    deliver: async () => deliver(attempts++),
    bury: async ({ attributes }) => void buried.push({ ...attributes }),
    onEvent: () => {},
    onLost: (_rule, _target, failure) => lost.push(failure.code),
  });
  return { bus, buried, lost, attempts: () => attempts, elapsed: () => now };
}

const settled = (bus: EventBus) => eventually(() => (bus.pending === 0 ? true : undefined));
const throttled = () => {
  throw new DeliveryFailure("ThrottlingException", "slow down", true);
};

describe("a delivery", () => {
  test("that fails in passing is tried again until it succeeds", async () => {
    const { bus, buried, attempts } = busFor({}, (attempt) => {
      if (attempt < 7) throttled();
    });

    bus.put(event);
    await settled(bus);

    expect([attempts(), buried]).toEqual([8, []]);
  });

  test("ends in the dead-letter queue when its tries are used up", async () => {
    const retryPolicy = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 3 };
    const { bus, buried, attempts } = busFor({ retryPolicy }, throttled);

    bus.put(event);
    await settled(bus);

    expect(attempts()).toBe(4);
    expect(buried).toEqual([
      {
        RULE_ARN: "arn:r",
        TARGET_ARN: "arn:aws:sqs:r:0:q",
        ERROR_CODE: "ThrottlingException",
        ERROR_MESSAGE: "slow down",
        RETRY_ATTEMPTS: "3",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      },
    ]);
  });

  test("ends in the dead-letter queue when the event is too old", async () => {
    const retryPolicy = { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 185 };
    const { bus, buried, elapsed } = busFor({ retryPolicy }, throttled);

    bus.put(event);
    await settled(bus);

    expect(buried).toMatchObject([{ EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds" }]);
    expect(elapsed()).toBeLessThanOrEqual(60_000);
  });

  test("that cannot succeed is not tried again", async () => {
    const { bus, buried, attempts } = busFor({}, () => {
      throw new DeliveryFailure("QueueDoesNotExist", "gone", false);
    });

    bus.put(event);
    await settled(bus);

    expect(attempts()).toBe(1);
    expect(buried).toMatchObject([{ ERROR_CODE: "QueueDoesNotExist", RETRY_ATTEMPTS: "0" }]);
  });

  test("without a dead-letter queue is told as lost", async () => {
    const { bus, lost } = busFor({ deadLetterQueueArn: undefined }, () => {
      throw new DeliveryFailure("QueueDoesNotExist", "gone", false);
    });

    bus.put(event);
    await settled(bus);

    expect(lost).toEqual(["QueueDoesNotExist"]);
  });

  test("is not begun any more when the bus is closed", async () => {
    const { bus, attempts } = busFor({}, () => {});

    bus.close();
    bus.put(event);
    await settled(bus);

    expect(attempts()).toBe(0);
  });
});
