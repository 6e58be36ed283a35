import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { mulberry } from "../e2e/random.ts";
import { clientsOf } from "../local/clients.ts";
import * as small from "../local/small-graph.ts";
import { type Order, world } from "./arriving-orders.ts";

const ORDERS = 200;
const CUSTOMERS = 12;
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

interface Arrival {
  readonly at: number;
  readonly orders?: readonly Order[];
  readonly customers?: readonly string[];
}

/** All orders in objects of one to six, and their customers in a few, each at a random time of three hours. */
function arrivals(random: () => number): Arrival[] {
  const objects: Arrival[] = [];
  const names = Array.from({ length: CUSTOMERS }, (_, customer) => `c${customer}`);
  for (const customer of names) objects.push({ at: random() * 3 * HOUR, customers: [customer] });
  for (let first = 0; first < ORDERS; ) {
    const size = Math.min(1 + Math.floor(random() * 6), ORDERS - first);
    const orders = Array.from({ length: size }, (_, more) => ({
      id: `o${first + more}`,
      customer: names[Math.floor(random() * CUSTOMERS)] ?? "",
      violates: (first + more) % 10 === 0,
    }));
    objects.push({ at: random() * 3 * HOUR, orders });
    first += size;
  }
  return objects;
}

/** Orders that are to be in the build that is current in the end, sorted. */
const expected = Array.from({ length: ORDERS }, (_, order) => order)
  .filter((order) => order % 10 !== 0)
  .map((order) => `o${order}`)
  .toSorted();

test.each(Array.from({ length: 5 }, (_, seed) => seed + 1))(
  "whenever 200 orders arrive, those that break no rule are all in the build that is current in the end (seed %i)",
  async (seed) => {
    const random = mulberry(seed);
    const clock = fastClock(1_000_000);
    const { land, built, ends, current, settled, released, mostAtOnce } = world(clients, clock, random);
    const never = new AbortController().signal;
    const objects = arrivals(random);

    await Promise.all(
      objects.map(async ({ at, ...object }) => {
        await clock.sleep(at, never);
        await land(object);
      }),
    );
    await settled();

    expect([...(built.get(await current()) ?? [])].toSorted()).toEqual(expected);
    expect(released()).toBeGreaterThan(0);
    expect(mostAtOnce()).toEqual([1, 1]);
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
    const states = [
      "ReadRequests",
      "Reconcile",
      "PlanMarts",
      "BuildMarts",
      "SwitchMarts",
      "ReturnLease",
      "RecordRun",
    ];
    const abortsAt = () => states[Math.floor(random() * states.length)];
    const { land, built, ends, current, start, settled } = world(clients, clock, random, abortsAt);
    const never = new AbortController().signal;

    await Promise.all(
      arrivals(random).map(async ({ at, ...object }) => {
        await clock.sleep(at, never);
        await land(object);
      }),
    );
    await settled();
    // The daily schedule.
    await start();
    await settled();

    expect(ends.filter(({ status }) => status === "ABORTED").length).toBeGreaterThan(0);
    expect([...(built.get(await current()) ?? [])].toSorted()).toEqual(expected);
  },
  60_000,
);
