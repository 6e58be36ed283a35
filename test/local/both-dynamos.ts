import { once } from "node:events";
import dynalite from "dynalite";
import { expect } from "vitest";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { eventually } from "./clients.ts";
import * as graph from "./small-graph.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** DynamoDB of the local cloud beside dynalite's own server on its own database: what one says the other has to say. */
export interface BothDynamos extends AsyncDisposable {
  /** Asks both, and holds the answers against each other. */
  ask(action: string, parameters: object): Promise<Answer>;
  /** Makes a table whose key is the text `id`, unless told otherwise, in both. */
  table(TableName: string, more?: object): Promise<void>;
  /** Waits until a table is made or gone: that happens a moment after the answer, by a timer of each. */
  settled(TableName: string): Promise<void>;
}

export async function bothDynamos(): Promise<BothDynamos> {
  const cloud = await bootCloud(graph.graphOf([]), { root: graph.root });
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") expect.unreachable();
  const endpoints = [cloud.endpoint, `http://127.0.0.1:${address.port}`] as const;

  const ask: BothDynamos["ask"] = async (action, parameters) => {
    const ours = await askOne(endpoints[0], action, parameters);
    const theirs = await askOne(endpoints[1], action, parameters);
    expect(ours, `${action} ${JSON.stringify(parameters).slice(0, 300)}`).toEqual(theirs);
    return ours;
  };
  const settled: BothDynamos["settled"] = async (TableName) => {
    for (const endpoint of endpoints)
      await eventually(async () => {
        const text = JSON.stringify(await askOne(endpoint, "DescribeTable", { TableName }));
        return !/CREATING|DELETING/.test(text) || undefined;
      });
  };
  return {
    ask,
    settled,
    async table(TableName, more = {}) {
      await ask("CreateTable", {
        TableName,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        ...more,
      });
      await settled(TableName);
      await ask("DescribeTable", { TableName });
    },
    async [Symbol.asyncDispose]() {
      await cloud.close();
      server.close();
    },
  };
}

type Item = Readonly<Record<string, unknown>>;

/** Requests of a batch that put these items. */
export const puts = (...items: readonly Item[]) => items.map((Item) => ({ PutRequest: { Item } }));

/** What is decided by chance or by the clock is left out, and what is in any order is sorted. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, member) => {
    if (["TableId", "CreationDateTime", "LastUpdateToPayPerRequestDateTime"].includes(name)) return "some";
    if (name !== "Responses") return member;
    const sorted = (items: unknown[]) => items.map((item) => JSON.stringify(item)).toSorted();
    return Object.fromEntries(
      Object.entries<unknown[]>(member).map(([table, items]) => [table, sorted(items)]),
    );
  });
}

async function askOne(endpoint: string, action: string, parameters: object) {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${action}`,
      "x-amz-date": "20261121T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=operator/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(parameters),
  });
  return { status: answer.status, body: comparable(await answer.json()) };
}
