import type { Clock } from "../../engine/ports.ts";
import type { BusEvent } from "./event.ts";
import { compilePattern } from "./event-pattern.ts";
import { type InputShape, targetInput } from "./target-input.ts";

/** How long and how often a delivery is tried. AWS's defaults: 24 hours, 185 times. */
export interface RetryPolicy {
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
}

export interface Target extends InputShape {
  /** ARN of what receives: a state machine, a queue, a topic, a function, a bus. */
  readonly arn: string;
  readonly role: string | undefined;
  readonly deadLetterQueueArn: string | undefined;
  readonly retryPolicy: RetryPolicy;
  /** Message group of a FIFO queue. */
  readonly messageGroupId?: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly targets: readonly Target[];
}

/** A delivery that failed. `retryable` is false for what would fail again, such as a target that does not exist. */
export class DeliveryFailure extends Error {
  override readonly name = "DeliveryFailure";
  readonly code: string;
  readonly retryable: boolean;
  constructor(code: string, message: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

/** Hands an input (JSON text) to a target, on behalf of the rule. @throws {DeliveryFailure} */
export type Deliver = (target: Target, input: string, ruleArn: string) => Promise<void>;

/** What could not be delivered, with attributes that say why. */
export interface DeadLetter {
  readonly queueArn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Puts a message that could not be delivered into a dead-letter queue. @throws {DeliveryFailure} */
export type Bury = (letter: DeadLetter, target: Target, ruleArn: string) => Promise<void>;

export interface BusOptions {
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly bury: Bury;
  /** Hears of every event before the rules do. */
  readonly onEvent: (event: BusEvent, bus: string) => void;
  /** Hears of a delivery that is given up without a dead-letter queue, or whose queue refuses it. */
  readonly onLost: (rule: Rule, target: Target, failure: DeliveryFailure) => void;
}

/** EventBridge: matches events against rules and delivers them to targets, at least once each. */
export class EventBus {
  readonly #options: BusOptions;
  readonly #rules: readonly (Rule & { readonly matches: (event: unknown) => boolean })[];
  readonly #ended = new AbortController();
  #pending = 0;

  /** @throws {InvalidEventPattern} */
  constructor(options: BusOptions) {
    this.#options = options;
    this.#rules = options.rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern) }));
  }

  /** Deliveries that are under way, waiting for another try included. */
  get pending(): number {
    return this.#pending;
  }

  /** Accepts an event; its deliveries go on by themselves. */
  put(event: BusEvent, bus = "default"): void {
    if (this.#ended.signal.aborted) return;
    this.#options.onEvent(event, bus);
    for (const rule of this.#rules) {
      if (rule.bus !== bus || !rule.matches(event)) continue;
      for (const target of rule.targets) this.deliver(rule, target, targetInput(target, event, rule));
    }
  }

  /** Delivers an input to a target by its retry policy, its dead-letter queue at the end. */
  deliver(rule: Rule, target: Target, input: string): void {
    this.#pending += 1;
    this.#tryAll(rule, target, input)
      .catch(() => {
        // Closed meanwhile: nobody is left to deliver to.
      })
      .finally(() => {
        this.#pending -= 1;
      });
  }

  async #tryAll(rule: Rule, target: Target, input: string): Promise<void> {
    const { clock, deliver, bury, onLost } = this.#options;
    const { maximumEventAgeInSeconds, maximumRetryAttempts } = target.retryPolicy;
    const deadline = clock.now() + maximumEventAgeInSeconds * 1000;
    for (let attempt = 0; ; attempt++) {
      try {
        return await deliver(target, input, rule.arn);
      } catch (thrown) {
        if (this.#ended.signal.aborted) return;
        const failure =
          thrown instanceof DeliveryFailure
            ? thrown
            : new DeliveryFailure("INTERNAL_ERROR", String(thrown), true);
        const wait = Math.min(1000 * 2 ** attempt, 300_000) * (0.5 + Math.random() / 2);
        const aged = clock.now() + wait > deadline;
        if (failure.retryable && attempt < maximumRetryAttempts && !aged) {
          await clock.sleep(wait, this.#ended.signal);
          continue;
        }
        if (target.deadLetterQueueArn === undefined) return onLost(rule, target, failure);
        const exhausted = failure.retryable
          ? { EXHAUSTED_RETRY_CONDITION: aged ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts" }
          : {};
        const attributes = {
          RULE_ARN: rule.arn,
          TARGET_ARN: target.arn,
          ERROR_CODE: failure.code,
          ERROR_MESSAGE: failure.message,
          RETRY_ATTEMPTS: String(attempt),
          ...exhausted,
        };
        const letter = { queueArn: target.deadLetterQueueArn, body: input, attributes };
        return await bury(letter, target, rule.arn).catch((refused: unknown) => {
          if (refused instanceof DeliveryFailure) onLost(rule, target, refused);
        });
      }
    }
  }

  close(): void {
    this.#ended.abort();
  }
}
