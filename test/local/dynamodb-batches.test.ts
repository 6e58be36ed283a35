import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mulberry } from "../e2e/random.ts";
import { type BothDynamos, bothDynamos, puts } from "./both-dynamos.ts";

let both: BothDynamos;
const ask: BothDynamos["ask"] = (action, parameters) => both.ask(action, parameters);
beforeAll(async () => {
  both = await bothDynamos();
});
afterAll(() => both[Symbol.asyncDispose]());

const some = (count: number, id = (number: number) => `k-${number}`) =>
  Array.from({ length: count }, (_, number) => ({ id: { S: id(number) }, n: { N: String(number) } }));

describe("a batch of puts is written or refused as DynamoDB does", () => {
  beforeAll(async () => {
    await both.table("plain");
    await both.table("other");
    await both.table("sorted", {
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "n", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "n", KeyType: "RANGE" },
      ],
    });
    await both.table("numbered", { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }] });
  });

  const long = "x".repeat(2049);
  const one = { id: { S: "a" } };
  const cases: readonly [string, number, object][] = [
    ["texts and whole numbers", 200, { RequestItems: { plain: puts(...some(25)) } }],
    ["the same over what is there", 200, { RequestItems: { plain: puts(...some(3)) } }],
    [
      "characters of any alphabet in a key",
      200,
      { RequestItems: { plain: puts({ id: { S: "ä/\u{1f600}~ " } }) } },
    ],
    ["an attribute that is an empty text", 200, { RequestItems: { plain: puts({ ...one, t: { S: "" } }) } }],
    [
      "numbers in other forms",
      200,
      {
        RequestItems: {
          plain: puts({ ...one, a: { N: "007" }, b: { N: "1.50" }, c: { N: "1e3" }, d: { N: "-0" } }),
        },
      },
    ],
    [
      "values of every type",
      200,
      {
        RequestItems: {
          plain: puts({
            ...one,
            b: { B: "AQI=" },
            l: { L: [{ S: "x" }, { N: "1.0" }] },
            m: { M: { n: { NULL: true } } },
            s: { SS: ["a", "b"] },
            t: { BOOL: false },
          }),
        },
      },
    ],
    ["items of two tables", 200, { RequestItems: { plain: puts(one), other: puts(one) } }],
    [
      "puts and deletions",
      200,
      {
        RequestItems: {
          plain: [...puts({ id: { S: "b" } }), { DeleteRequest: { Key: { id: { S: "k-1" } } } }],
        },
      },
    ],
    [
      "a table with a sort key",
      200,
      {
        RequestItems: { sorted: puts({ id: { S: "a" }, n: { N: "1" } }, { id: { S: "a" }, n: { N: "2" } }) },
      },
    ],
    ["a table whose key is a number", 200, { RequestItems: { numbered: puts({ id: { N: "1.0" } }) } }],
    [
      "a question for the units",
      200,
      { RequestItems: { plain: puts(...some(3)) }, ReturnConsumedCapacity: "TOTAL" },
    ],
    ["a question for nothing", 200, { RequestItems: { plain: puts(one) }, ReturnConsumedCapacity: "NONE" }],
    ["a parameter that nobody knows", 200, { RequestItems: { plain: puts(one) }, Unknown: 1 }],
    ["an item of 300 kB", 200, { RequestItems: { plain: puts({ ...one, t: { S: "x".repeat(300_000) } }) } }],
    ["an item of 450 kB", 400, { RequestItems: { plain: puts({ ...one, t: { S: "x".repeat(450_000) } }) } }],
    [
      "a text of quotes that is longer in JSON",
      200,
      { RequestItems: { plain: puts({ ...one, t: { S: '"'.repeat(300_000) } }) } },
    ],
    ["a key that is too long", 400, { RequestItems: { plain: puts({ id: { S: long } }) } }],
    ["an empty key", 400, { RequestItems: { plain: puts({ id: { S: "" } }) } }],
    ["a key of another type", 400, { RequestItems: { plain: puts({ id: { N: "1" } }) } }],
    ["no key", 400, { RequestItems: { plain: puts({ t: { S: "x" } }) } }],
    ["the same key twice", 400, { RequestItems: { plain: puts(one, { ...one, t: { S: "x" } }) } }],
    ["26 items", 400, { RequestItems: { plain: puts(...some(26)) } }],
    ["no item", 400, { RequestItems: { plain: [] } }],
    ["no table", 400, { RequestItems: {} }],
    ["no parameter", 400, {}],
    ["a table that is not there", 400, { RequestItems: { missing: puts(one) } }],
    ["a table whose name cannot be one", 400, { RequestItems: { "a b": puts(one) } }],
    ["a value of two types", 400, { RequestItems: { plain: puts({ ...one, t: { S: "x", N: "1" } }) } }],
    ["a value of no type", 400, { RequestItems: { plain: puts({ ...one, t: {} }) } }],
    ["a number for a text", 400, { RequestItems: { plain: puts({ ...one, t: { S: 1 } }) } }],
    ["null for a text", 400, { RequestItems: { plain: puts({ ...one, t: { S: null } }) } }],
    ["a word for a number", 400, { RequestItems: { plain: puts({ ...one, t: { N: "many" } }) } }],
    ["a number that is empty", 400, { RequestItems: { plain: puts({ ...one, t: { N: "" } }) } }],
    ["39 digits", 400, { RequestItems: { plain: puts({ ...one, t: { N: "1".repeat(39) } }) } }],
    ["an item that is a list", 400, { RequestItems: { plain: [{ PutRequest: { Item: [one] } }] } }],
    ["a put without an item", 400, { RequestItems: { plain: [{ PutRequest: {} }] } }],
    ["a request of nothing", 400, { RequestItems: { plain: [{}] } }],
  ];
  test.each(cases)("%s", async (_, status, parameters) => {
    const answer = await ask("BatchWriteItem", parameters);

    expect(answer.status).toBe(status);
    for (const TableName of ["plain", "other", "sorted", "numbered"])
      await ask("Scan", { TableName, ReturnConsumedCapacity: "TOTAL" });
  });

  test("what a batch wrote is found, changed and deleted by calls of every other kind", async () => {
    await ask("BatchWriteItem", { RequestItems: { plain: puts(...some(25)) } });
    const Key = { id: { S: "k-7" } };

    const found = await ask("GetItem", { TableName: "plain", Key, ConsistentRead: true });
    await ask("BatchGetItem", {
      RequestItems: { plain: { Keys: [Key, { id: { S: "none" } }], ProjectionExpression: "n" } },
    });
    const changed = await ask("UpdateItem", {
      TableName: "plain",
      Key,
      UpdateExpression: "SET n = n + :one",
      ConditionExpression: "n = :n",
      ExpressionAttributeValues: { ":one": { N: "1" }, ":n": { N: "7" } },
      ReturnValues: "ALL_NEW",
    });
    const refused = await ask("PutItem", {
      TableName: "plain",
      Item: Key,
      ConditionExpression: "attribute_not_exists(id)",
    });
    const gone = await ask("DeleteItem", { TableName: "plain", Key, ReturnValues: "ALL_OLD" });

    expect(found.body).toEqual({ Item: { ...Key, n: { N: "7" } } });
    expect(changed.body).toEqual({ Attributes: { ...Key, n: { N: "8" } } });
    expect(refused.body).toHaveProperty("__type", expect.stringContaining("ConditionalCheckFailedException"));
    expect(gone.body).toEqual({ Attributes: { ...Key, n: { N: "8" } } });
    expect((await ask("GetItem", { TableName: "plain", Key })).body).toEqual({});
  });

  test("batches drawn at random leave the same items in the same order", async () => {
    await both.table("drawn");
    const draw = mulberry(20261121);
    const below = (bound: number) => Math.floor(draw() * bound);
    const value = () =>
      [{ S: "x".repeat(below(5)) }, { N: String(below(100) - 50) }, { N: `${below(9)}.50` }, { BOOL: true }][
        below(4)
      ];

    for (let batch = 0; batch < 60; batch++) {
      const items = some(1 + below(26), () => `k-${below(200)}`).map((item) =>
        below(3) === 0 ? { ...item, v: value() } : item,
      );
      await ask("BatchWriteItem", { RequestItems: { drawn: puts(...items) } });
    }

    const scanned = await ask("Scan", { TableName: "drawn" });
    expect(scanned.body).toHaveProperty("Count", expect.any(Number));
  });
});
