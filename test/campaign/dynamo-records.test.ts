import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoProductRecords } from "@penstock/campaign";
import { type Campaigns, dynamoCampaigns } from "@penstock/campaign/requests";
import { InvalidInput } from "@penstock/runtime/errors";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { campaignOf } from "../../packages/campaign/src/synthesise/campaign-of.ts";
import { campaignTables } from "./campaign-tables.ts";
import {
  AT,
  analysis,
  begun,
  CORRELATION,
  draft,
  insight,
  known,
  PRODUCT,
  SUBJECT,
  videos,
} from "./product-fixture.ts";

const tables = await campaignTables();
const records = dynamoProductRecords(tables.client, "products");
let clock = AT.getTime();
const campaigns = dynamoCampaigns(tables.client, { products: "products", cache: "cache" }, 24, () => clock);

const made = campaignOf(known, draft, {
  method: "sequential",
  fallback_reason: "max_tokens",
  model: { id: "m", offline: false },
  incomplete: [],
  at: AT,
});

let serial = 0;
/** A product of its own for each test. */
function fresh() {
  serial += 1;
  const product_id = `${String(serial).padStart(8, "0")}-1111-4111-8111-111111111111`;
  return { ...begun, product_id };
}

beforeAll(() => campaigns.create(begun));
beforeEach(() => {
  clock = AT.getTime();
});
afterAll(() => tables.close());

describe("a product's record", () => {
  test("has what each step puts into it, in any order, markets beside each other too", async () => {
    await Promise.all([
      records.putInsight(PRODUCT, "JP", insight, AT.toISOString()),
      records.putYoutubeData(PRODUCT, videos),
      records.putInsight(PRODUCT, "DE", insight, AT.toISOString()),
      records.putImageAnalysis(PRODUCT, analysis),
    ]);

    expect(await records.read(PRODUCT)).toEqual(known);
  });

  test("says of a step without an answer why", async () => {
    const record = fresh();
    await campaigns.create(record);

    await records.putYoutubeData(record.product_id, { ...videos, state: "quota_exhausted", videos: [] });

    expect((await records.read(record.product_id)).steps).toEqual({
      data_enrichment: "skipped:quota_exhausted",
    });
  });

  test("says of the markets that they are done with the last of them", async () => {
    const record = fresh();
    await campaigns.create(record);
    const { product_id } = record;

    await records.putInsight(product_id, "DE", insight, AT.toISOString());
    const first = await records.read(product_id);
    await records.putInsight(product_id, "JP", insight, AT.toISOString());

    expect(first.steps).toEqual({});
    expect((await records.read(product_id)).steps).toEqual({ cultural_intelligence: "done" });
  });

  test("says in the end which steps the campaign was made without", async () => {
    const record = { ...fresh(), correlation_id: CORRELATION };
    await campaigns.create(record);
    await records.putInsight(record.product_id, "DE", insight, AT.toISOString());
    await records.putImageAnalysis(record.product_id, analysis);

    await records.complete(record.product_id, {
      ...made,
      campaign_id: record.product_id,
      incomplete: [
        { step: "data_enrichment", market: null, reason: "Lambda.Unknown" },
        { step: "cultural_intelligence", market: "JP", reason: "ModelThrottled" },
      ],
    });

    expect((await records.read(record.product_id)).steps).toEqual({
      image_analysis: "done",
      data_enrichment: "skipped:Lambda.Unknown",
      cultural_intelligence: "skipped:ModelThrottled",
    });
  });

  test("is not made by a step of a product that there is not", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";

    await expect(records.putImageAnalysis(nobody, analysis)).rejects.toThrow(InvalidInput);
    await expect(records.read(nobody)).rejects.toThrow(`there is no product ${nobody}`);
  });

  test("that has not its shape is refused, without its values", async () => {
    const { product_id } = fresh();
    await tables.client.send(
      new PutItemCommand({
        TableName: "products",
        Item: { product_id: { S: product_id }, x: { S: "SECRET" } },
      }),
    );

    await expect(records.read(product_id)).rejects.toThrowError(/^(?!.*SECRET).*does not have its shape/);
  });

  test("is completed once; the same execution's repetition changes nothing, another's is refused", async () => {
    const record = { ...fresh(), correlation_id: CORRELATION };
    const campaign = { ...made, campaign_id: record.product_id };
    await campaigns.create(record);

    const first = await records.complete(record.product_id, campaign);
    const later = { ...campaign, generated_at: "2027-01-01T00:00:00.000Z" };
    const again = await records.complete(record.product_id, later);

    expect([first, again]).toEqual([true, false]);
    const stored = await records.read(record.product_id);
    expect(stored.status).toBe("completed");
    expect(stored.campaign?.campaign_data).toEqual(campaign);
    const other = { ...campaign, correlation_id: "33333333-3333-4333-8333-333333333333" };
    await expect(records.complete(record.product_id, other)).rejects.toThrow(InvalidInput);
  });

  test("that has failed is never completed", async () => {
    const record = fresh();
    await campaigns.create(record);
    await tables.client.send(
      new UpdateItemCommand({
        TableName: "products",
        Key: { product_id: { S: record.product_id } },
        UpdateExpression: "SET #status = :failed, reason = :reason",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":failed": { S: "failed" }, ":reason": { S: "image_unreadable" } },
      }),
    );

    await expect(
      records.complete(record.product_id, { ...made, campaign_id: record.product_id }),
    ).rejects.toThrow(InvalidInput);
    expect((await records.read(record.product_id)).status).toBe("failed");
  });
});

describe("the API", () => {
  test("finds a caller's own campaign, and nothing of another's", async () => {
    expect((await campaigns.find(SUBJECT, PRODUCT))?.product_name).toBe(begun.product_name);
    expect(await campaigns.find("somebody-else", PRODUCT)).toBeUndefined();
    expect(await campaigns.find(SUBJECT, "00000000-0000-4000-8000-000000000000")).toBeUndefined();
  });

  test("does not begin a campaign where one is", async () => {
    await expect(
      campaigns.create({ ...begun, correlation_id: "99999999-1111-4111-8111-111111111111" }),
    ).rejects.toThrow();
  });

  test("begins a campaign whose record was written by a try that nobody heard of", async () => {
    const record = fresh();
    const lossy = new DynamoDBClient({
      endpoint: tables.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    let lost = 0;
    lossy.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (lost++ % 2 === 1) return answer;
        throw Object.assign(new Error("the connection is gone"), { name: "TimeoutError" });
      },
      { step: "deserialize", priority: "high" },
    );
    const own = dynamoCampaigns(lossy, { products: "products", cache: "cache" }, 24, () => clock);

    await own.create(record);
    const first = await own.remember(SUBJECT, "e".repeat(64), record.product_id, undefined);

    lossy.destroy();
    expect([first, lost]).toEqual([true, 4]);
    expect(await campaigns.find(SUBJECT, record.product_id)).toMatchObject({ status: "running" });
  });

  test("remembers which campaign answers equal requests, for a day", async () => {
    const print = "a".repeat(64);

    expect(await campaigns.remember(SUBJECT, print, PRODUCT, undefined)).toBe(true);

    expect(await campaigns.stored(SUBJECT, print)).toEqual({ product_id: PRODUCT, at: clock });
    expect(await campaigns.stored("somebody-else", print)).toBeUndefined();
    clock += 24 * 60 * 60 * 1000;
    expect(await campaigns.stored(SUBJECT, print)).toBeUndefined();
  });

  test("forgets a campaign that is not begun, and none that came since", async () => {
    const print = "f".repeat(64);
    const [refused, other] = [fresh().product_id, fresh().product_id];
    await campaigns.remember(SUBJECT, print, refused, undefined);

    await campaigns.forget(SUBJECT, print, other);
    const kept = await campaigns.stored(SUBJECT, print);
    await campaigns.forget(SUBJECT, print, refused);

    expect(kept?.product_id).toBe(refused);
    expect(await campaigns.stored(SUBJECT, print)).toBeUndefined();
    expect(await campaigns.remember(SUBJECT, print, other, undefined)).toBe(true);
  });

  test("lets of two that begin at once one come first", async () => {
    const print = "b".repeat(64);
    const ids = [fresh().product_id, fresh().product_id];

    const first = await Promise.all(ids.map((id) => campaigns.remember(SUBJECT, print, id, undefined)));

    expect(first.toSorted()).toEqual([false, true]);
    expect((await campaigns.stored(SUBJECT, print))?.product_id).toBe(ids[first.indexOf(true)]);
  });

  test("replaces what it looked at, and nothing that came since", async () => {
    const print = "c".repeat(64);
    const [failed, next, late] = [fresh().product_id, fresh().product_id, fresh().product_id];
    await campaigns.remember(SUBJECT, print, failed, undefined);

    const replaced: boolean[] = [];
    for (const id of [next, late]) replaced.push(await campaigns.remember(SUBJECT, print, id, failed));

    expect(replaced).toEqual([true, false]);
    expect((await campaigns.stored(SUBJECT, print))?.product_id).toBe(next);
  });

  test("takes a pointer that is over for none, though DynamoDB still has it", async () => {
    const pointers: Campaigns = campaigns;
    const print = "d".repeat(64);
    const [old, next] = [fresh().product_id, fresh().product_id];
    await pointers.remember(SUBJECT, print, old, undefined);
    clock += 25 * 60 * 60 * 1000;

    expect(await pointers.remember(SUBJECT, print, next, undefined)).toBe(true);
  });
});
