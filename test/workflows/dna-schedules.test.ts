import { DeleteItemCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { exportKey, personasKey } from "@penstock/contracts";
import { s3Uri } from "@penstock/runtime";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { fastClock, parseDefinition, startExecution } from "../../packages/local/src/engine/index.ts";
import { define } from "../../workflows/asl/define.ts";
import { lease } from "../../workflows/asl/lease.ts";
import { settings } from "../dna/dna-settings.ts";
import { memoryStore } from "../dna/memory-store.ts";
import { mulberry } from "../e2e/random.ts";
import { clientsOf } from "../local/clients.ts";
import * as small from "../local/small-graph.ts";
import { answers, payload, read, upload } from "./dna-answers.ts";
import { answering, dnaFunctions } from "./dna-functions.ts";
import { dnaWorld, type Roughness } from "./dna-world.ts";
import { execute } from "./execute.ts";
import { machines } from "./machines.ts";

/** Schedules of each rough kind; `DNA_SCHEDULES` for more. */
const SCHEDULES = Number(process.env.DNA_SCHEDULES ?? 5);
const tables: Readonly<Record<string, readonly string[]>> = {
  Locks: ["name"],
  Runs: ["run_id"],
  DnaFiles: ["user", "file"],
};
const users = ["0", "1", "2"].map((last) => `usr_0000000000000000000000000${last}`);

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  const made = Object.entries(tables).map(([name, keys]) =>
    small.table(name, {
      hashKey: keys[0],
      ...(keys[1] !== undefined && { rangeKey: keys[1] }),
      attributes: keys.map((key) => ({ name: key, type: "S" })),
    }),
  );
  cloud = await bootCloud(small.graphOf(made), { root: small.root });
  clients = clientsOf(cloud.endpoint);
});
beforeEach(async () => {
  for (const [TableName, keys] of Object.entries(tables)) {
    const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName }));
    for (const item of Items) {
      const Key = Object.fromEntries(keys.flatMap((key) => (item[key] ? [[key, item[key]]] : [])));
      await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
    }
  }
});
afterAll(() => cloud.close());

/** A version of a file as it is uploaded. */
interface Upload {
  readonly user: string;
  readonly file: string;
  readonly lines: readonly string[];
  /** Milliseconds after the beginning. */
  readonly at: number;
}

const kinds = ["financial account", "social interest", "entertainment viewing"];

/**
 * So many files of the first person and a few of the others, in the order in which they come; a third comes again, with other
 * lines or, of these a half, with the same and one that tells nothing.
 */
function uploadsOf(random: () => number, files: number): Upload[] {
  const spread = [0, 60_000, 3_600_000][Math.floor(random() * 3)] ?? 0;
  // Of each type something that no other version says: no state of the facts comes back.
  const lines = (version: string) =>
    kinds.flatMap((kind) => [
      `${kind} Knows ${version}`,
      ...(random() < 0.7 ? [`${kind} Netflix plan ${Math.floor(random() * 9)}`] : []),
    ]);
  const uploads = users.flatMap((user, person) =>
    Array.from(
      { length: person === 0 ? files : Math.ceil(files / 10) },
      (_, at) => `file ${at} of ${person}.txt`,
    ).flatMap((file) => {
      const first = random() * spread;
      const said = lines(`${file} first`);
      const versions = [{ user, file, lines: said, at: first }];
      const later = first + 1 + random() * 300_000;
      if (random() < 0.3) {
        const again = random() < 0.5 ? lines(`${file} again`) : [...said, "nothing"];
        versions.push({ user, file, lines: again, at: later });
      }
      return versions;
    }),
  );
  return uploads.toSorted((a, b) => a.at - b.at);
}

/** S3's times are whole seconds; each upload has one of its own. */
const arrival = (uploads: readonly Upload[], upload: Upload) =>
  new Date(Date.UTC(2026, 10, 1) + uploads.indexOf(upload) * 1000);
const uriOf = ({ user, file }: Upload) => s3Uri(settings.data, exportKey(user, file));
const personasOf = (user: string) => s3Uri(settings.data, personasKey(user));

/** The personas when the last version of each file comes after all is done for the one before, without a machine. */
async function oneAfterAnother(uploads: readonly Upload[]): Promise<(string | undefined)[]> {
  const { store, objects, upload: put } = memoryStore();
  const parts = {
    store,
    model: { complete: async (request: Parameters<typeof answering>[0]) => answering(request) },
  };
  const call = async (name: string, payload: object) =>
    JSON.parse(JSON.stringify(await dnaFunctions[name]?.({ run_id: "run", ...payload }, parts)));
  const last = new Map(uploads.map((upload) => [uriOf(upload), upload]));
  for (const [uri, upload] of last) {
    const { user, file, lines } = upload;
    put(uri, JSON.stringify(lines), arrival(uploads, upload));
    const { plan } = await call("ReadExport", { user, file, by_hand: false });
    await call("CategoriseChunk", { user, file, plan, chunk: 0 });
    await call("WriteDocument", { user, file, plan, failed: [] });
    const loaded = await call("LoadPersonas", { user, execution: file });
    for (const type of loaded.types) await call("UpdatePersona", { user, plan: loaded.plan, type });
    await call("SavePersonas", { user, plan: loaded.plan, failed: [] });
  }
  return users.map((user) => objects.get(personasOf(user)));
}

/** Uploads all as they come, and lets everything end. */
async function comeAndGo(seed: number, files: number, rough: Roughness) {
  const random = mulberry(seed);
  const clock = fastClock(1_000_000);
  const world = dnaWorld(clients.dynamodb, clock, random, rough);
  const uploads = uploadsOf(random, files);
  await Promise.all(
    uploads.map(async (upload) => {
      await clock.sleep(upload.at, new AbortController().signal);
      world.memory.upload(uriOf(upload), JSON.stringify(upload.lines), arrival(uploads, upload));
    }),
  );
  await world.settled();
  await world.redrive();
  const locks = await clients.dynamodb.send(new ScanCommand({ TableName: "Locks" }));
  return {
    world,
    personas: users.map((user) => world.memory.objects.get(personasOf(user))),
    expected: await oneAfterAnother(uploads),
    held: (locks.Items ?? []).filter(({ owner }) => owner !== undefined).length,
  };
}

const smooth: Roughness = { crashes: 0, stalls: 0, lostAnswers: 0, aborts: 0, leaseSeconds: 3600 };
const seeds = (from: number) => Array.from({ length: SCHEDULES }, (_, at) => from + at);

test.each(seeds(1).slice(0, Math.ceil(SCHEDULES / 3)))(
  "fifty files of one person at once, events doubled and in any order, give the personas of one after another (seed %i)",
  async (seed) => {
    const { world, personas, expected, held } = await comeAndGo(seed, 50, smooth);

    expect(personas).toEqual(expected);
    expect(new Set(world.ends.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
    expect([...world.asked.values()].every((times) => times === 1)).toBe(true);
    expect(held).toBe(0);
  },
);

test.each(seeds(101))(
  "functions that crash before and after their effect, and answers that are lost, change nothing but the number of calls (seed %i)",
  async (seed) => {
    const rough = { ...smooth, crashes: 0.1, lostAnswers: 0.1 };

    const { world, personas, expected, held } = await comeAndGo(seed, 8, rough);

    expect(personas).toEqual(expected);
    const calls = [...world.asked.values()].reduce((sum, times) => sum + times, 0);
    expect(calls - world.asked.size).toBeLessThanOrEqual(world.lost());
    expect(held).toBe(0);
  },
);

test.each(seeds(201))(
  "holders that stall past their lease and functions that come late, hours after others went on, undo nothing (seed %i)",
  async (seed) => {
    const rough = { ...smooth, crashes: 0.05, stalls: 0.1, leaseSeconds: 30 };

    const { personas, expected, held } = await comeAndGo(seed, 8, rough);

    expect(personas).toEqual(expected);
    expect(held).toBe(0);
  },
);

test.each(seeds(301))(
  "executions that are aborted lose nothing that their redrive does not bring (seed %i)",
  async (seed) => {
    const rough = { ...smooth, aborts: 0.15, crashes: 0.05, leaseSeconds: 120 };

    const { world, personas, expected, held } = await comeAndGo(seed, 8, rough);

    expect(world.ends.filter(({ status }) => status === "ABORTED").length).toBeGreaterThan(0);
    expect(personas).toEqual(expected);
    expect(held).toBe(0);
  },
);

test("a redrive that comes after its lock has gone away makes another one, which goes away as well", async () => {
  const clock = fastClock(1000);
  const { take, read: look, giveBack } = lease({ table: "Locks", seconds: 60, goneAfterSeconds: 86_400 });
  const definition = define(
    { comment: "From where a redrive takes it up", timeoutSeconds: 86_400, startAt: "TakeLease" },
    {
      TakeLease: { ...take, Next: "ReadRequests" },
      ReadRequests: {
        ...look,
        Assign: { requested: "{% $states.result.Attributes.requested.N %}" },
        Next: "ReturnLease",
      },
      ReturnLease: { ...giveBack, Next: "Done" },
      Done: { Type: "Succeed" },
    },
  );
  const before = Math.floor(clock.now() / 1000);

  const { result } = startExecution(parseDefinition(JSON.parse(JSON.stringify(definition))), {
    arn: "arn:aws:states:us-east-1:000000000000:execution:late:run",
    name: "run",
    machineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:late",
    roleArn: "arn:aws:iam::000000000000:role/test",
    input: {},
    clock,
    random: Math.random,
    services: {
      call: async ({ arguments: given }) =>
        clients.dynamodb.send(
          new UpdateItemCommand(given as ConstructorParameters<typeof UpdateItemCommand>[0]),
        ),
    },
  });

  expect(await result).toMatchObject({ status: "SUCCEEDED" });
  const { Items = [] } = await clients.dynamodb.send(new ScanCommand({ TableName: "Locks" }));
  expect(Items).toEqual([
    {
      name: { S: "late" },
      until: { N: expect.any(String) },
      generation: { N: "1" },
      requested: { N: "0" },
      seen: { N: "0" },
    },
  ]);
  expect(Number(Items[0]?.until?.N)).toBeGreaterThanOrEqual(before + 86_400);
});

test("what was read by hand is not turned back by an event of the same version, that comes again and is skipped", async () => {
  const { dynamodb } = clients;
  const record = async (outcome: "read" | "skipped", seen: string) => {
    const given = {
      ...read,
      seen,
      ...(outcome === "skipped" && { state: "skipped", chunks: [], plan: null }),
    };
    const { calls } = await execute("digital-dna", machines["digital-dna"], upload, {
      ...answers,
      Read: [payload(given)],
    });
    const asked = calls.find(({ state }) => state === "RecordFile")?.arguments;
    return dynamodb
      .send(
        new UpdateItemCommand({
          ...(asked as ConstructorParameters<typeof UpdateItemCommand>[0]),
          TableName: "DnaFiles",
        }),
      )
      .then(
        () => "recorded",
        ({ name }: Error) => name,
      );
  };

  const ends = [
    await record("skipped", "2026-11-21T08:00:00.000Z"),
    await record("read", "2026-11-21T08:00:00.000Z"),
    await record("skipped", "2026-11-21T08:00:00.000Z"),
    await record("skipped", "2026-11-21T08:00:01.000Z"),
    await record("read", "2026-11-21T08:00:00.000Z"),
  ];

  const lost = "ConditionalCheckFailedException";
  expect(ends).toEqual(["recorded", "recorded", lost, "recorded", lost]);
});
