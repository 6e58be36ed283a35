import { randomUUID } from "node:crypto";
import { Cron } from "croner";
import type { WantedSchedule } from "../program/rules.ts";
import { makeEvent, toSecond } from "./event.ts";
import type { EventBus, Target } from "./event-bus.ts";
import { targetInput } from "./target-input.ts";

/** A schedule expression that AWS would refuse. */
export class InvalidSchedule extends Error {
  override readonly name = "InvalidSchedule";
}

const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** A timer for AWS's schedule expression, not yet running: `resume()` starts it. @throws {InvalidSchedule} */
export function timerFor(expression: string, timezone: string, run: (scheduledTime: Date) => void): Cron {
  const [, kind, body = ""] = /^(cron|rate|at)\((.+)\)$/.exec(expression) ?? [];
  const options = { timezone, unref: true, paused: true };
  const fire = (job: Cron) => run(job.currentRun() ?? new Date());
  try {
    if (kind === "at" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body)) return new Cron(body, options, fire);
    const [, count, unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body) ?? [];
    const seconds = UNITS[unit];
    if (kind === "rate" && seconds !== undefined) {
      const interval = Number(count) * seconds;
      const startAt = new Date(Date.now() + interval * 1000);
      return new Cron("* * * * * *", { ...options, interval, startAt }, fire);
    }
    const fields = body.trim().split(/\s+/);
    if (kind === "cron" && fields.length === 6 && fields.includes("?")) {
      // AWS has minutes to years, counts weekdays from Sunday = 1, and writes steps as 0/15.
      const dialect = { alternativeWeekdays: true, mode: "7-part", sloppyRanges: true } as const;
      return new Cron(`0 ${fields.join(" ")}`, { ...options, ...dialect }, fire);
    }
  } catch (error) {
    throw new InvalidSchedule(`"${expression}": ${error instanceof Error ? error.message : error}`);
  }
  throw new InvalidSchedule(`"${expression}" is no cron(…), rate(…) or at(…) expression as AWS takes them.`);
}

/** Fires schedules, by the time of day or by hand, through the bus's deliveries. */
export class Schedules {
  readonly #wanted: readonly WantedSchedule[];
  readonly #timers: Cron[];
  readonly #bus: EventBus;
  readonly #place: { account: string; region: string };

  /** @throws {InvalidSchedule} also for schedules that are held */
  constructor(
    wanted: readonly WantedSchedule[],
    bus: EventBus,
    place: { account: string; region: string },
    mode: "run" | "hold",
  ) {
    this.#wanted = wanted;
    this.#bus = bus;
    this.#place = place;
    this.#timers = wanted.map((schedule) =>
      timerFor(schedule.expression, schedule.timezone, (time) => this.#fire(schedule, time)),
    );
    if (mode === "run") for (const timer of this.#timers) timer.resume();
  }

  /** Fires the schedule of that name for a scheduled time. */
  fire(name: string, scheduledTime: Date): void {
    const schedule = this.#wanted.find((each) => each.name === name);
    if (schedule === undefined) {
      const known = this.#wanted.map((each) => each.name).join(", ");
      throw new InvalidSchedule(`There is no schedule "${name}". There are: ${known || "none"}.`);
    }
    this.#fire(schedule, scheduledTime);
  }

  #fire(schedule: WantedSchedule, scheduledTime: Date): void {
    const rule = {
      name: schedule.name,
      arn: schedule.arn,
      bus: "default",
      pattern: {},
      targets: schedule.targets,
    };
    for (const target of schedule.targets) {
      const input =
        schedule.kind === "rule"
          ? this.#event(schedule, target, scheduledTime)
          : filled(schedule, target, scheduledTime);
      this.#bus.deliver(rule, target, input);
    }
  }

  #event(schedule: WantedSchedule, target: Target, time: Date): string {
    const facts = {
      source: "aws.events",
      "detail-type": "Scheduled Event",
      resources: [schedule.arn],
      detail: {},
      time,
    };
    return targetInput(target, makeEvent(facts, this.#place), schedule);
  }

  close(): void {
    for (const timer of this.#timers) timer.stop();
  }
}

/** Scheduler's input with its context attributes filled in. */
function filled(schedule: WantedSchedule, target: Target, scheduledTime: Date): string {
  return (target.input ?? "{}")
    .replaceAll("<aws.scheduler.scheduled-time>", toSecond(scheduledTime))
    .replaceAll("<aws.scheduler.schedule-arn>", schedule.arn)
    .replaceAll("<aws.scheduler.execution-id>", randomUUID())
    .replaceAll("<aws.scheduler.attempt-number>", "1");
}
