import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { mulberry } from "../e2e/random.ts";
import { clientsOf } from "../local/clients.ts";
import * as small from "../local/small-graph.ts";
import { world } from "./arriving-orders.ts";

const ORDERS = 200;
const HOUR = 3_600_000;
const keys: Readonly<Record<string, string>> = { Locks: "name", Builds: "system", Runs: "run_id" };

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  const tables = Object.entries(keys).map(([name, hashKey]) =>
    small.table(name, { hashKey, attributes: [{ name: hashKey, type: "S" }] }),
  );
  cloud = await bootCloud(small.graphOf(tables), { root: small.root });
  clients = clientsOf(cloud.endpoint);
});
beforeEach(async () => {
  for (const [TableName, key] of Object.entries(keys)) {
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
    for (const item of Items) {
      const value = item[key];
      if (value) await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { [key]: value } }));
    }
  }
});
afterAll(() => cloud.close());

/** All orders in objects of one to six, each at a random time of three hours. */
function arrivals(random: () => number): { readonly at: number; readonly orders: readonly string[] }[] {
  const objects = [];
  for (let order = 0; order < ORDERS; ) {
    const size = 1 + Math.floor(random() * 6);
    const orders = Array.from({ length: Math.min(size, ORDERS - order) }, (_, more) => `o${order + more}`);
    objects.push({ at: random() * 3 * HOUR, orders });
    order += size;
  }
  return objects;
}

test.each(Array.from({ length: 5 }, (_, seed) => seed + 1))(
  "whenever 200 orders arrive, all of them are in the build that is current in the end (seed %i)",
  async (seed) => {
    const random = mulberry(seed);
    const clock = fastClock(1_000_000);
    const { curated, built, ends, current, start, settled, mostAtOnce } = world(clients, clock, random);
    const never = new AbortController().signal;
    const objects = arrivals(random);

    await Promise.all(
      objects.map(async ({ at, orders }) => {
        await clock.sleep(at, never);
        for (const order of orders) curated.add(order);
        // S3's events come a while after, and now and then twice.
        for (let event = random() < 0.1 ? 2 : 1; event > 0; event--) {
          await clock.sleep(random() * 30_000, never);
          await start();
        }
      }),
    );

    await settled();
    const orders = built.get(await current());
    expect(orders?.size).toBe(ORDERS);
    expect(mostAtOnce()).toBe(1);
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
    expect(built.size).toBeLessThan(objects.length);
  },
  60_000,
);

test.each(Array.from({ length: 3 }, (_, seed) => seed + 101))(
  "executions that are aborted at any state lose no order: the next one builds what they have not (seed %i)",
  async (seed) => {
    const random = mulberry(seed);
    const clock = fastClock(1_000_000);
    const { curated, built, ends, current, start, settled } = world(clients, clock, random);
    const never = new AbortController().signal;
    const states = [
      "ReadRequests",
      "Reconcile",
      "PlanMarts",
      "BuildMarts",
      "SwitchMarts",
      "ReturnLease",
      "RecordRun",
    ];

    await Promise.all(
      arrivals(random).map(async ({ at, orders }) => {
        await clock.sleep(at, never);
        for (const order of orders) curated.add(order);
        await start(states[Math.floor(random() * states.length)]);
      }),
    );
    await settled();
    // The daily schedule.
    await start();
    await settled();

    expect(ends.filter(({ status }) => status === "ABORTED").length).toBeGreaterThan(0);
    expect(built.get(await current())?.size).toBe(ORDERS);
  },
  60_000,
);
