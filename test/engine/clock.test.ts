import { describe, expect, test } from "vitest";
import {
  type Clock,
  fastClock,
  systemClock,
  type TaskCall,
  TaskFailure,
  TaskTokens,
} from "../../packages/local/src/engine/index.ts";
import { outputOf, run, type States, task, types } from "./run.ts";
import { virtualClock } from "./virtual-clock.ts";

const { signal } = new AbortController();
const realPause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the machine's clock", () => {
  test("ends a sleep at once when it is aborted, before or after it began, with the reason", async () => {
    const clock = systemClock();
    const stop = new AbortController();
    const sleeping = clock.sleep(2 ** 40, stop.signal);
    const reason = new Error("enough");

    stop.abort(reason);

    await expect(sleeping).rejects.toBe(reason);
    await expect(clock.sleep(1, stop.signal)).rejects.toBe(reason);
  });
});

describe("a fast clock", () => {
  test("wakes sleeps in the order in which they are due, each at its instant", async () => {
    const clock = fastClock(1_000_000);
    const before = clock.now();
    const woken: string[] = [];
    const sleep = async (name: string, seconds: number) => {
      await clock.sleep(seconds * 1000, signal);
      woken.push(`${name} ${Math.round((clock.now() - before) / 1000)}`);
    };

    await Promise.all([sleep("a", 3000), sleep("b", 10), sleep("c", 20), sleep("d", 10)]);

    expect(woken).toEqual(["b 10", "d 10", "c 20", "a 3000"]);
  });

  test("lets what a sleep sets going come before the next one, whatever real time that takes", async () => {
    const clock = fastClock(1_000_000);
    const woken: string[] = [];
    const chain = async (name: string, ...seconds: number[]) => {
      for (const length of seconds) {
        await clock.sleep(length * 1000, signal);
        const until = performance.now() + 3;
        while (performance.now() < until);
        woken.push(`${name} ${length}`);
      }
    };

    await Promise.all([chain("a", 10, 10, 10), chain("b", 15, 10, 1)]);

    expect(woken).toEqual(["a 10", "b 15", "a 10", "b 10", "b 1", "a 10"]);
  });

  test("runs as the machine's clock while real work is under way", async () => {
    const clock = fastClock(1_000_000);
    const before = clock.now();
    const woken: string[] = [];
    const end = clock.working?.();
    const sleeping = clock.sleep(3_600_000, signal).then(() => woken.push("an hour"));

    await realPause(20);
    woken.push("work");
    const during = clock.now() - before;
    end?.();
    await sleeping;

    expect(woken).toEqual(["work", "an hour"]);
    expect(during).toBeLessThan(3_600_000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
  });

  test("ends a sleep at once when it is aborted, and forgets it", async () => {
    const clock = fastClock(1000);
    const stop = new AbortController();
    const reason = new Error("enough");
    const sleeping = [clock.sleep(2 ** 40, stop.signal), clock.sleep(2 ** 41, stop.signal)];
    const other = clock.sleep(2000, signal);

    stop.abort(reason);

    for (const each of sleeping) await expect(each).rejects.toBe(reason);
    await expect(clock.sleep(1, stop.signal)).rejects.toBe(reason);
    await expect(other).resolves.toBeUndefined();
  });
});

const pass = { Type: "Pass" };
const wait = (Seconds: number, more: object) => ({ Type: "Wait", Seconds, ...more });
const branch = (states: States) => ({ StartAt: Object.keys(states)[0], States: states });

const ask = {
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  Arguments: { QueueUrl: "https://queue", MessageBody: "{% $states.input %}" },
};

/** Waits, a retry's backoff and a timeout beside each other, on instants that lie seconds apart. */
const busy: States = {
  All: {
    Type: "Parallel",
    Branches: [
      branch({ W1: wait(45, { Next: "W2" }), W2: wait(25, { Next: "P1" }), P1: { ...pass, End: true } }),
      branch({
        Flaky: {
          ...task,
          Arguments: { FunctionName: "flaky" },
          Retry: [{ ErrorEquals: ["Flaky"], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Gone" }],
          End: true,
        },
        Gone: { ...pass, End: true },
      }),
      branch({
        Slow: {
          ...ask,
          TimeoutSeconds: 50,
          Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Late" }],
          End: true,
        },
        Late: wait(5, { End: true }),
      }),
    ],
    End: true,
  },
};
const flaky = ({ target }: TaskCall) => {
  if (target.kind === "integration" && target.service === "lambda") throw new TaskFailure("Flaky", "again");
  return {};
};
const told = ({ history }: Awaited<ReturnType<typeof run>>) =>
  history.map(({ id, previousEventId, type, details }) => [id, previousEventId, type, details?.name]);

test("events come in the same order on a clock that jumps and on one that runs a thousand times as fast", async () => {
  const virtual = await run(busy, { answer: flaky });
  const fast = await run(busy, { answer: flaky, clock: fastClock(1000) });

  expect(told(fast)).toEqual(told(virtual));
  expect(types(virtual.history)).toContain("TaskTimedOut");
});

test("a task takes the real time that it takes, also against a Wait that a fast clock would have passed", async () => {
  const states = {
    Both: {
      Type: "Parallel",
      Branches: [
        branch({ Work: { ...task, TimeoutSeconds: 60, Next: "Worked" }, Worked: { ...pass, End: true } }),
        branch({ Rest: wait(600, { Next: "Rested" }), Rested: { ...pass, End: true } }),
      ],
      End: true,
    },
  };
  const answer = async () => realPause(30);

  const { outcome, history } = await run(states, { answer, clock: fastClock(1_000_000) });

  expect(outcome.status).toBe("SUCCEEDED");
  const entered = history
    .filter(({ type }) => type === "PassStateEntered")
    .map(({ details }) => details?.name);
  expect(entered).toEqual(["Worked", "Rested"]);
});

describe.each<[string, () => Clock & { readonly start: number }]>([
  ["that jumps", () => ({ ...virtualClock(), start: Date.parse("2025-01-15T12:00:00Z") })],
  [
    "that is fast",
    () => {
      const clock = fastClock(1_000_000);
      return { ...clock, start: clock.now() };
    },
  ],
])("on a clock %s", (_, clockOf) => {
  test("Wait by Timestamp waits until that instant, and not at all for one that has been", async () => {
    const clock = clockOf();
    const until = new Date(clock.start + 7_200_000).toISOString();
    const states = {
      Until: { Type: "Wait", Timestamp: until, Next: "Past" },
      Past: { Type: "Wait", Timestamp: "2001-01-01T00:00:00Z", Next: "Tell" },
      Tell: { Type: "Pass", Output: "{% $millis() %}", End: true },
    };

    const now = await outputOf(states, { clock });

    expect(now).toBeGreaterThanOrEqual(Date.parse(until));
    expect(now).toBeLessThan(Date.parse(until) + 3_600_000);
  });

  test("a token that is answered in time wins over the heartbeat; silence loses", async () => {
    const clock = clockOf();
    const tokens = new TaskTokens();
    const beats = async (token = "", times = 0) => {
      for (let beat = 0; beat < times; beat++) {
        await clock.sleep(20_000, signal);
        tokens.heartbeat(token);
      }
      if (times > 0) tokens.succeed(token, "answered");
    };
    const states = {
      Call: {
        ...ask,
        HeartbeatSeconds: 30,
        TimeoutSeconds: 600,
        Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Output: "silent", Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Succeed" },
    };
    const given = (times: number) => ({
      clock,
      tokens,
      answer: ({ taskToken }: TaskCall) => void beats(taskToken, times),
    });

    expect(await outputOf(states, given(3))).toBe("answered");
    expect(await outputOf(states, given(0))).toBe("silent");
  });

  test("TimeoutSeconds of the machine ends it, whatever it waits for", async () => {
    const clock = clockOf();
    const states = { First: wait(50, { Next: "Second" }), Second: wait(50, { End: true }) };

    const { outcome, history, execution } = await run(states, { clock, machine: { TimeoutSeconds: 60 } });

    expect(outcome.status).toBe("TIMED_OUT");
    expect(types(history)).toEqual([
      "ExecutionStarted",
      "WaitStateEntered",
      "WaitStateExited",
      "WaitStateEntered",
      "ExecutionTimedOut",
    ]);
    expect((execution.stoppedAt ?? 0) - execution.startedAt).toBeGreaterThanOrEqual(60_000);
  });
});

describe("$now and $millis", () => {
  test("tell the clock's time, the same throughout one evaluation", async () => {
    const states = {
      Wait: wait(90, { Next: "Tell" }),
      Tell: {
        Type: "Pass",
        Output: {
          now: "{% $now() %}",
          millis: "{% $millis() %}",
          picture: "{% $now('[Y]/[M01]/[D01]') %}",
          zone: "{% $now('[H01]:[m01]', '-0500') %}",
          passed: "{% [1..3].$millis() %}",
        },
        End: true,
      },
    };

    const instant = Date.parse("2025-01-15T12:01:30Z");
    expect(await outputOf(states)).toEqual({
      now: "2025-01-15T12:01:30.000Z",
      millis: instant,
      picture: "2025/01/15",
      zone: "07:01",
      passed: [instant, instant, instant],
    });
  });

  test("give way to variables of these names", async () => {
    const states = {
      Set: { Type: "Pass", Assign: { now: "later" }, Next: "Tell" },
      Tell: { Type: "Pass", Output: "{% $now %}", End: true },
    };

    expect(await outputOf(states)).toBe("later");
  });
});
