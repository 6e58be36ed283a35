import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as v from "valibot";

/** What `on-failure` keeps of an execution that failed. */
const DeadLetterBody = v.object({
  /** ARN of the execution. */
  execution: v.string(),
  /** ARN of its state machine. */
  machine: v.string(),
  /** The original input as JSON text; null when it was too large for the event. */
  input: v.nullable(v.string()),
  status: v.string(),
  error: v.nullable(v.string()),
  cause: v.nullable(v.string()),
  at: v.string(),
});

export interface DeadLetter extends v.InferOutput<typeof DeadLetterBody> {
  /** Id of the message. */
  readonly id: string;
  readonly receiptHandle: string;
}

/** A message in the dead-letter queue that is no dead letter. It stays where it is. */
export interface ForeignMessage {
  readonly id: string;
  readonly reason: string;
}

/** Long enough to redrive what was received, short enough to see the rest again soon after a crash. */
const HELD_SECONDS = 120;

function read(message: Message): DeadLetter | ForeignMessage {
  const id = message.MessageId ?? "";
  try {
    const body = v.parse(DeadLetterBody, JSON.parse(message.Body ?? ""));
    return { ...body, id, receiptHandle: message.ReceiptHandle ?? "" };
  } catch (error) {
    return { id, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A dead-letter queue. Whoever looks through it holds its messages until they are deleted or released. */
export class DeadLetterQueue {
  readonly #client: SQSClient;
  readonly #url: string;
  readonly #held = new Map<string, string>();

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Everything in the queue, the oldest failure first. */
  async receiveAll(): Promise<{ letters: DeadLetter[]; foreign: ForeignMessage[] }> {
    const letters: DeadLetter[] = [];
    const foreign: ForeignMessage[] = [];
    for (;;) {
      const { Messages = [] } = await this.#client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: HELD_SECONDS,
          WaitTimeSeconds: 1,
        }),
      );
      if (Messages.length === 0) break;
      for (const message of Messages) {
        // At least once: the same message may come twice, and then the later handle is the one that counts.
        const again = this.#held.has(message.MessageId ?? "");
        this.#held.set(message.MessageId ?? "", message.ReceiptHandle ?? "");
        if (again) continue;
        const letter = read(message);
        if ("receiptHandle" in letter) letters.push(letter);
        else foreign.push(letter);
      }
    }
    letters.sort((left, right) => (left.at < right.at ? -1 : 1));
    return { letters, foreign };
  }

  /** Removes a letter for good. */
  async delete(letter: DeadLetter): Promise<void> {
    const ReceiptHandle = this.#held.get(letter.id) ?? letter.receiptHandle;
    await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle }));
    this.#held.delete(letter.id);
  }

  /** Lets go of what is still held, so that the next look finds it at once. */
  async release(): Promise<void> {
    for (const ReceiptHandle of this.#held.values()) {
      await this.#client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: this.#url, ReceiptHandle, VisibilityTimeout: 0 }),
      );
    }
    this.#held.clear();
  }
}
