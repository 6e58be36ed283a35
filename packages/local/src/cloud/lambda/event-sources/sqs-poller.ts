import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { AwsClients } from "../../aws-clients.ts";
import type { WantedMapping } from "../../program/event-source-mappings.ts";
import type { Functions } from "../lambda-service.ts";
import type { LocalFunction } from "../local-function.ts";
import { doneMessages } from "./batch-answer.ts";
import { ReceivedMessage, sqsEvent } from "./sqs-event.ts";

/** How long a queue is listened to at a time; AWS listens up to 20 s, which would hold up the end of the cloud. */
const LISTENING_SECONDS = 1;
/** After a queue could not be asked. */
const PAUSE_MS = 1000;
/** Where the program sets no bound, more functions than that have no turn anyway. */
const AT_ONCE = 10;

const Received = v.object({ Messages: v.optional(v.array(ReceivedMessage), []) });

export interface PollerSides {
  readonly mapping: WantedMapping;
  /** The function that is fed; its role does everything. */
  readonly local: LocalFunction;
  readonly queueUrl: string;
  readonly clients: AwsClients;
  readonly functions: Functions;
  /** Told why messages are not taken, once for each reason. */
  readonly onTrouble: (reason: string) => void;
}

/**
 * Feeds a function with the messages of a queue: what it answers for is deleted, everything else comes again when its
 * visibility timeout is over, until the queue's own redrive policy puts it away.
 */
export class SqsPoller {
  readonly #sides: PollerSides;
  readonly #ended = new AbortController();
  readonly #troubles = new Set<string>();
  #working = 0;

  constructor(sides: PollerSides) {
    this.#sides = sides;
    void this.#poll();
  }

  /** Batches that are with the function. */
  get working(): number {
    return this.#working;
  }

  /** Takes no more messages. What is with the function is not waited for. */
  close(): void {
    this.#ended.abort();
  }

  async #poll(): Promise<void> {
    const { mapping } = this.#sides;
    const { signal } = this.#ended;
    const room = new Room(mapping.mostAtOnce ?? AT_ONCE);
    while (!signal.aborted) {
      await room.taken();
      try {
        const messages = await this.#receive();
        if (messages.length === 0) room.free();
        else void this.#hand(messages).finally(() => room.free());
      } catch (error) {
        room.free();
        if (signal.aborted) return;
        this.#tell(error);
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #receive(): Promise<ReceivedMessage[]> {
    const { mapping } = this.#sides;
    const output = await this.#call("receiveMessage", {
      MaxNumberOfMessages: mapping.batchSize,
      WaitTimeSeconds: LISTENING_SECONDS,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    });
    const { Messages } = v.parse(Received, output);
    // Counted at once: between here and the function's turn nothing else knows of them.
    if (Messages.length > 0) this.#working += 1;
    return Messages;
  }

  /** Counted by {@link #receive} already. */
  async #hand(messages: readonly ReceivedMessage[]): Promise<void> {
    const { mapping, local, functions } = this.#sides;
    try {
      const event = JSON.stringify(sqsEvent(messages, mapping.queueArn));
      const invocation = await functions.invoke(local.functionName, event);
      if (invocation.outcome === "failed") return;
      const ids = messages.map(({ MessageId }) => MessageId);
      const done = new Set(mapping.partial ? doneMessages(ids, invocation.payload) : ids);
      const entries = messages
        .filter(({ MessageId }) => done.has(MessageId))
        .map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
      if (entries.length > 0) await this.#call("deleteMessageBatch", { Entries: entries });
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#tell(error);
    } finally {
      this.#working -= 1;
    }
  }

  async #call(action: string, input: object): Promise<unknown> {
    const { clients, local, queueUrl } = this.#sides;
    const as = { role: local.role, session: local.functionName, signal: this.#ended.signal };
    const { output } = await clients.call("sqs", action, { QueueUrl: queueUrl, ...input }, as);
    return output;
  }

  #tell(error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (this.#troubles.has(reason)) return;
    this.#troubles.add(reason);
    this.#sides.onTrouble(reason);
  }
}

/** So many batches at a time. */
class Room {
  #left: number;
  #waiting: (() => void) | undefined;

  constructor(places: number) {
    this.#left = places;
  }

  /** Settles when there was a place, which is taken then. */
  async taken(): Promise<void> {
    if (this.#left === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#left -= 1;
  }

  free(): void {
    this.#left += 1;
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
