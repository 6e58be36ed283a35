import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DeleteStateMachineCommand, DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type DeadLetter, DeadLetterQueue } from "../../packages/local/src/cli/dead-letters.ts";
import { InputLost, redriveExecution } from "../../packages/local/src/cli/redrive-execution.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually, execute } from "./clients.ts";
import * as graph from "./small-graph.ts";

/** Copies the text of an object; fails as long as the object is not there. A first state counts its runs. */
const copy = {
  StartAt: "Count",
  States: {
    Count: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Arguments: {
        TableName: "runs",
        Key: { id: { S: "{% $states.input.key %}" } },
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "ALL_NEW",
      },
      Assign: { key: "{% $states.input.key %}", runs: "{% $number($states.result.Attributes.n.N) %}" },
      Next: "Copy",
    },
    Copy: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:s3:getObject",
      Arguments: { Bucket: "files", Key: "{% $key %}" },
      Output: { body: "{% $states.result.Body %}", runs: "{% $runs %}" },
      End: true,
    },
  },
};

/** What on-failure does, as far as the dead letter goes. */
const bury = {
  StartAt: "Bury",
  States: {
    Bury: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Arguments: {
        QueueUrl: graph.queueUrl("dead-letters"),
        MessageBody: {
          execution: "{% $states.input.detail.executionArn %}",
          machine: "{% $states.input.detail.stateMachineArn %}",
          input: "{% $states.input.detail.input %}",
          status: "{% $states.input.detail.status %}",
          error: "{% $states.input.detail.error %}",
          cause: "{% $states.input.detail.cause %}",
          at: "{% $states.input.time %}",
        },
      },
      End: true,
    },
  },
};

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let queue: DeadLetterQueue;
let turn = 0;
let key: string;

beforeAll(async () => {
  const failed = {
    source: ["aws.states"],
    detail: { status: ["FAILED"], stateMachineArn: [graph.machineArn("copy"), graph.machineArn("doomed")] },
  };
  const resources = [
    graph.bucket("files"),
    graph.table("runs"),
    graph.queue("dead-letters"),
    graph.machine("copy", copy),
    graph.machine("doomed", copy),
    graph.machine("bury", bury),
    ...graph.rule("failed", failed, { arn: graph.machineArn("bury") }),
  ];
  cloud = await bootCloud(graph.graphOf(resources), { root: graph.root });
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());
beforeEach(() => {
  key = `object ${turn++}`;
  queue = new DeadLetterQueue(clients.sqs, graph.queueUrl("dead-letters"));
});

/** Lets an execution fail and returns its dead letter. */
async function deadLetter(machine = "copy"): Promise<DeadLetter> {
  const { executionArn } = await execute(clients.sfn, graph.machineArn(machine), { key });
  return eventually(async () => {
    const { letters } = await queue.receiveAll();
    return letters.find((letter) => letter.execution === executionArn);
  });
}

const mend = () => clients.s3.send(new PutObjectCommand({ Bucket: "files", Key: key, Body: "at last" }));

const ended = (executionArn: string) =>
  eventually(async () => {
    const description = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return description.status === "RUNNING" ? undefined : description;
  });

describe("a dead letter", () => {
  test("holds what a redrive needs", async () => {
    const letter = await deadLetter();

    expect(letter).toMatchObject({
      machine: graph.machineArn("copy"),
      status: "FAILED",
      error: "S3.NoSuchKeyException",
      input: JSON.stringify({ key }),
    });
    await queue.delete(letter);
  });

  test("is taken up at the state that failed: what was done is not done again", async () => {
    const letter = await deadLetter();
    await mend();

    const redriven = await redriveExecution(clients.sfn, letter);

    expect(redriven).toEqual({ how: "redriven", execution: letter.execution });
    const { status, output, redriveCount } = await ended(letter.execution);
    expect([status, output, redriveCount]).toEqual(["SUCCEEDED", '{"body":"at last","runs":1}', 1]);
    await queue.delete(letter);
  });

  test("is started anew with its input where Step Functions has forgotten the execution", async () => {
    const letter = await deadLetter();
    await mend();
    const forgotten = { ...letter, execution: `${letter.execution}-forgotten` };

    const { how, execution } = await redriveExecution(clients.sfn, forgotten);

    expect(how).toBe("started anew");
    expect(execution).not.toBe(letter.execution);
    expect((await ended(execution)).output).toBe('{"body":"at last","runs":2}');
    await queue.delete(letter);
  });

  test("is not started twice when the first try ended before the letter was deleted", async () => {
    const letter = await deadLetter();
    await mend();
    const forgotten = { ...letter, execution: `${letter.execution}-forgotten` };

    const first = await redriveExecution(clients.sfn, forgotten);
    const second = await redriveExecution(clients.sfn, forgotten);

    expect(second).toEqual(first);
    expect((await ended(first.execution)).output).toBe('{"body":"at last","runs":2}');
    await queue.delete(letter);
  });

  test("of an execution that has succeeded meanwhile starts nothing", async () => {
    const letter = await deadLetter();
    await mend();
    await redriveExecution(clients.sfn, letter);
    await ended(letter.execution);

    expect(await redriveExecution(clients.sfn, letter)).toEqual({
      how: "already succeeded",
      execution: letter.execution,
    });
    await queue.delete(letter);
  });

  test("without its input finds it at the execution, or says that it is lost", async () => {
    const letter = { ...(await deadLetter()), input: null };
    const forgotten = { ...letter, execution: `${letter.execution}-forgotten` };

    await expect(redriveExecution(clients.sfn, forgotten)).rejects.toThrow(InputLost);
    await queue.delete(letter);
  });

  test("whose machine is gone stays in the queue", async () => {
    const letter = await deadLetter("doomed");
    await clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: graph.machineArn("doomed") }));
    const forgotten = { ...letter, execution: `${letter.execution}-forgotten` };

    await expect(redriveExecution(clients.sfn, forgotten)).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
    await queue.release();
    const { letters } = await new DeadLetterQueue(clients.sqs, graph.queueUrl("dead-letters")).receiveAll();
    expect(letters.map(({ id }) => id)).toEqual([letter.id]);
  });
});

test("a queue is seen whole, once each, and what is no dead letter stays there", async () => {
  const QueueUrl = graph.queueUrl("dead-letters");
  const fresh = new DeadLetterQueue(clients.sqs, QueueUrl);
  await eventually(async () => ((await fresh.receiveAll()).letters.length === 0 ? true : undefined));
  const body = (index: number) => ({
    execution: `arn:e:${index}`,
    machine: "arn:m",
    input: "{}",
    status: "FAILED",
    error: null,
    cause: null,
    at: `2026-01-${String(30 - index).padStart(2, "0")}T00:00:00Z`,
    run_id: "more than a redrive needs",
  });
  for (let index = 0; index < 25; index++) {
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body(index)) }));
  }
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"not":"a letter"}' }));

  const { letters, foreign } = await fresh.receiveAll();
  await fresh.release();
  const again = await new DeadLetterQueue(clients.sqs, QueueUrl).receiveAll();

  expect(letters.map(({ execution }) => execution)).toEqual(
    Array.from({ length: 25 }, (_, index) => `arn:e:${24 - index}`),
  );
  expect(foreign).toHaveLength(1);
  expect(again.letters.map(({ id }) => id)).toEqual(letters.map(({ id }) => id));
});
