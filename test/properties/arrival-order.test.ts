import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type LakePorts, reconcile } from "@penstock/lake";
import { directoryObjectStore, memoryLeases, type ObjectStore, type S3Uri } from "@penstock/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { arrive, NOW, plainSession, settings, type TestLake, testLake } from "../lake/lake-fixture.ts";
import { putSmallLake } from "../lake/small-lake.ts";

const ORDERS = 200;

// The same questions come up thousands of times. Transpiling depends on nothing but the query, and what DuckDB makes of
// a plan on nothing but the plan and its inputs (test/lake/determinism.test.ts): each is asked once.
vi.mock("../../packages/runtime/src/sql/to-engine.ts", async (original) => {
  const real = await original<typeof import("../../packages/runtime/src/sql/to-engine.ts")>();
  const known = new Map<string, string>();
  const toEngine: typeof real.toEngine = (sql, engine) => {
    const found = known.get(engine + sql) ?? real.toEngine(sql, engine);
    known.set(engine + sql, found);
    return found;
  };
  return { ...real, toEngine };
});
vi.mock("../../packages/runtime/src/plan/run-plan.ts", async (original) => {
  const real = await original<typeof import("../../packages/runtime/src/plan/run-plan.ts")>();
  type Done = { outputs: readonly Buffer[]; reports: Awaited<ReturnType<typeof real.runPlan>> };
  const known = new Map<string, Done>();
  const runPlan: typeof real.runPlan = async (plan, { session, store, workDirectory }) => {
    const uris = plan.inputs.flatMap(({ uris }) => uris);
    const etags = await Promise.all(uris.map(async (uri) => (await store.head(uri))?.etag));
    const question = JSON.stringify([plan.inputs, etags, plan.steps, plan.reports, plan.outputs.length]);
    const answer = known.get(question);
    if (answer === undefined) {
      const outputs: Buffer[] = [];
      const upload: typeof store.upload = async (source, uri) => {
        outputs.push(await readFile(source));
        await store.upload(source, uri);
      };
      const reports = await real.runPlan(plan, { session, store: { ...store, upload }, workDirectory });
      known.set(question, { outputs, reports });
      return reports;
    }
    for (const [index, { to }] of plan.outputs.entries()) {
      const file = path.join(workDirectory, `output-${index}.parquet`);
      await writeFile(file, answer.outputs[index] ?? "");
      await store.upload(file, to);
    }
    return answer.reports;
  };
  return { ...real, runPlan };
});

let lake: TestLake;
let keys: string[];
let plain: Awaited<ReturnType<typeof plainSession>>;

beforeAll(async () => {
  lake = await testLake();
  keys = await putSmallLake(lake);
  plain = await plainSession(path.join(lake.folder, "plain"));
});

afterAll(async () => {
  await plain.close();
  await lake[Symbol.asyncDispose]();
});

/** What happens to a lake: an object's event, or a pass of reconcile; `crash` is the write at which it dies first. */
interface Happening {
  readonly key: string | undefined;
  readonly crash: number | undefined;
}

class Crash extends Error {}

/** A lake of its own over the shared raw objects, whose writes can be made to fail. */
function freshLake(root: string): { ports: LakePorts; failAt: (write: number | undefined) => void } {
  const own = directoryObjectStore(root);
  let left: number | undefined;
  const guarded = <Arguments extends readonly unknown[]>(write: (...args: Arguments) => Promise<void>) => {
    return async (...args: Arguments): Promise<void> => {
      if (left === 0) throw new Crash("the machine went away");
      if (left !== undefined) left -= 1;
      await write(...args);
    };
  };
  const of = (uri: S3Uri) => (uri.startsWith("s3://raw/") ? lake.store : own);
  const store: ObjectStore = {
    head: (uri) => of(uri).head(uri),
    range: (uri, start, end) => of(uri).range(uri, start, end),
    download: (uri, file) => of(uri).download(uri, file),
    getJson: (uri) => of(uri).getJson(uri),
    list: (uri) => of(uri).list(uri),
    upload: guarded(own.upload),
    putJson: guarded(own.putJson),
    remove: guarded(own.remove),
  };
  const ports: LakePorts = {
    store,
    leases: memoryLeases(),
    settings,
    openSession: async () => plain.kept,
    now: () => NOW,
  };
  return {
    ports,
    failAt(write) {
      left = write;
    },
  };
}

/** Plays a history, then lets reconcile come to rest. Answers every object's bytes, by URI, and the passes it took. */
async function play(history: readonly Happening[]): Promise<Record<string, string>> {
  const root = await mkdtemp(path.join(tmpdir(), "penstock-order-"));
  try {
    const { ports, failAt } = freshLake(root);
    for (const [index, { key, crash }] of history.entries()) {
      const happen = () =>
        key === undefined ? reconcile({ run_id: `r${index}` }, ports) : arrive(key, `a${index}`, ports);
      failAt(crash);
      try {
        await happen();
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        // The state machine tries again under the same run id; reconcile comes again by itself.
        failAt(undefined);
        if (key !== undefined) await happen();
      }
      failAt(undefined);
    }
    // One pass is enough once nothing else happens; that a second one changes nothing is asked now and then.
    await reconcile({ run_id: "end" }, ports);
    if (history.length % 5 === 0) expect((await reconcile({ run_id: "rest" }, ports)).changed).toBe(0);
    const found: Record<string, string> = {};
    for (const bucket of ["curated", "pending", "quarantine"]) {
      for await (const { uri, etag } of ports.store.list(`s3://${bucket}/`)) found[uri] = etag;
    }
    for await (const { uri, etag } of ports.store.list("s3://audit/violations/")) found[uri] = etag;
    return found;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Every object's event once at least, some twice or three times, passes of reconcile between, some crashes. */
function histories(): fc.Arbitrary<Happening[]> {
  const crash = fc.option(fc.nat({ max: 6 }), { nil: undefined, freq: 4 });
  const repeats = fc.array(fc.nat({ max: keys.length - 1 }), { maxLength: 3 });
  const passes = fc.nat({ max: 1 });
  return fc
    .tuple(repeats, passes)
    .chain(([again, count]) => {
      const events = [...keys, ...again.map((index) => keys[index])];
      const all = [...events, ...Array.from({ length: count }, () => undefined)];
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    })
    .chain((order) =>
      fc
        .array(crash, { minLength: order.length, maxLength: order.length })
        .map((crashes) => order.map((key, index) => ({ key, crash: crashes[index] }))),
    );
}

test("whatever the order of arrival, with repeats, passes and crashes in between, the lake ends the same to the byte", async () => {
  const inOrder = await play(keys.map((key) => ({ key, crash: undefined })));

  await fc.assert(
    fc.asyncProperty(histories(), async (history) => {
      expect(await play(history)).toEqual(inOrder);
    }),
    { numRuns: ORDERS, endOnFailure: true },
  );
}, 600_000);
