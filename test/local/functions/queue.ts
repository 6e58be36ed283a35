/** Handlers that a queue's messages are handed to. What they are to do stands in the messages. */

interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Prints what it is given. */
export async function print(event: unknown): Promise<void> {
  console.log(JSON.stringify(event));
}

/** Names the messages that say so as failed. */
export async function name(event: Batch): Promise<unknown> {
  console.log(event.Records.map(({ body }) => body).join(","));
  const failed = event.Records.filter(({ body }) => body.startsWith("fail"));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Answers what the first message says. */
export async function answer({ Records: [first] }: Batch): Promise<unknown> {
  console.log(first?.body);
  return JSON.parse(first?.body ?? "null");
}

/** Fails at every batch. */
export async function refuse(event: Batch): Promise<never> {
  console.log(event.Records.map(({ body }) => body).join(","));
  throw new Error("not today");
}
