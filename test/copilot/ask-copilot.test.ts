import { AskedQuestion, type CurrentBuild, type MartsManifest } from "@penstock/contracts";
import {
  askCopilot,
  CopilotNotReady,
  type CopilotPorts,
  type QueryEngine,
  QueryTooSlow,
} from "@penstock/copilot";
import { QueryFailed, TooLarge } from "@penstock/runtime";
import type { ModelRequest } from "@penstock/runtime/model";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { current, settings } from "./small-marts.ts";

const build: CurrentBuild = {
  system: "marts",
  build: current,
  built_at: "2018-05-01T06:00:00Z",
  generation: 2,
};
const manifest: MartsManifest = {
  build: current,
  built_at: "2018-05-01T06:00:00Z",
  as_of: "2018-04-18",
  curated_rows: 1,
  orders_left_out: 0,
  tables: {},
};

interface Watched {
  readonly ports: CopilotPorts;
  readonly started: string[];
  readonly stopped: string[];
  readonly noted: (readonly [uri: string, question: AskedQuestion])[];
  readonly asked: ModelRequest[];
}

/** Ports in memory: a model that replies so, one after the other, and an engine that answers so. */
function watched(
  replies: readonly string[],
  engine: Partial<QueryEngine> = {},
  more: Partial<CopilotPorts> = {},
): Watched {
  const started: string[] = [];
  const stopped: string[] = [];
  const noted: Watched["noted"] = [];
  const asked: ModelRequest[] = [];
  const ports: CopilotPorts = {
    settings: { ...settings, maxRows: 2, maxSeconds: 1 },
    model: {
      async complete(request) {
        const text = replies[asked.length] ?? "";
        asked.push(request);
        return { text, model: "m", offline: false, usage: { inputTokens: 1, outputTokens: 1 } };
      },
    },
    engine: {
      start: async (sql) => `query-${started.push(sql)}`,
      standing: async () => ({ state: "succeeded", scannedBytes: 7, seconds: 0.5 }),
      rows: async () => ({ columns: [{ name: "n", type: "bigint" }], rows: [["3"]] }),
      stop: async (id) => {
        stopped.push(id);
      },
      ...engine,
    },
    currentBuild: async () => build,
    store: {
      getJson: async () => manifest,
      putJson: async (uri, value) => {
        noted.push([uri, v.parse(AskedQuestion, value)]);
      },
    },
    now: () => new Date("2018-05-02T10:00:00Z"),
    newId: () => "id-1",
    onLogFailure: (error) => {
      throw error;
    },
    ...more,
  };
  return { ports, started, stopped, noted, asked };
}

const count = JSON.stringify({ sql: "SELECT count(*) AS n FROM orders" });

test("an answer has the values of the result by their types, and is noted with what it took", async () => {
  const columns = ["bigint", "decimal", "decimal", "double", "boolean", "date", "varchar", "double"].map(
    (type, at) => ({
      name: `c${at}`,
      type,
    }),
  );
  const row = [
    "9007199254740993",
    "12.50",
    "12345678901234567.89",
    "1.5E10",
    "true",
    "2018-01-02",
    null,
    "NaN",
  ];
  const { ports, noted } = watched([count], { rows: async () => ({ columns, rows: [row] }) });

  const asked = await askCopilot("How many?", ports);

  expect(asked).toEqual({
    outcome: "answered",
    answer: {
      question: "How many?",
      sql: "SELECT COUNT(*) AS n FROM orders LIMIT 2",
      model: "m",
      offline: false,
      columns,
      rows: [["9007199254740993", 12.5, "12345678901234567.89", 1.5e10, true, "2018-01-02", null, null]],
      truncated: false,
      scanned_bytes: 7,
      build: current,
      query_id: "query-1",
      warnings: [],
    },
  });
  expect(noted).toEqual([
    [
      "s3://retail-copilot/_questions/2018-05-02/id-1.json",
      {
        id: "id-1",
        asked_at: "2018-05-02T10:00:00.000Z",
        question: "How many?",
        sql: "SELECT COUNT(*) AS n FROM orders LIMIT 2",
        outcome: "answered",
        reason: null,
        seconds: 0.5,
        scanned_bytes: 7,
      },
    ],
  ]);
});

describe("rows", () => {
  const rows: QueryEngine["rows"] = async (_, most) => ({
    columns: [{ name: "region", type: "varchar" }],
    rows: [["SP"], ["RJ"], ["MG"]].slice(0, most),
  });
  const answerOf = async (sql: string, engine: Partial<QueryEngine>) => {
    const asked = await askCopilot("Which regions?", watched([JSON.stringify({ sql })], engine).ports);
    return asked.outcome === "answered" ? asked.answer : asked.refusal;
  };

  test("beyond the limit are not shown, and the answer says that there may be more", async () => {
    expect(await answerOf("SELECT region FROM orders", { rows })).toMatchObject({
      rows: [["SP"], ["RJ"]],
      truncated: true,
      warnings: ["Only the first 2 rows are shown."],
    });
  });

  test("as many as the query itself asks for are all of them", async () => {
    expect(await answerOf("SELECT region FROM orders LIMIT 2", { rows })).toMatchObject({ truncated: false });
  });

  test("of which there are none come with a hint", async () => {
    const nothing = { rows: async () => ({ columns: [], rows: [] }) };

    expect(await answerOf("SELECT region FROM orders", nothing)).toMatchObject({
      rows: [],
      warnings: [expect.stringContaining("Nothing in the marts fits")],
    });
  });
});

describe("a reply that is wrong", () => {
  test("gets a second try, which may be right", async () => {
    const { ports, asked, started } = watched([
      JSON.stringify({ sql: "SELECT 1; SELECT 2" }),
      `\`\`\`json\n${count}\n\`\`\``,
    ]);

    const { outcome } = await askCopilot("How many?", ports);

    expect(outcome).toBe("answered");
    expect(asked.map(({ messages }) => messages.length)).toEqual([1, 3]);
    expect(started).toHaveLength(1);
  });

  test("gets no third", async () => {
    const { ports, asked, started, noted } = watched(["no", "no", count]);

    const refused = await askCopilot("How many?", ports);

    expect(refused).toMatchObject({
      outcome: "refused",
      refusal: { code: "no_query", model: "m", sql: null },
    });
    expect([asked.length, started.length]).toEqual([2, 0]);
    expect(noted[0]?.[1]).toMatchObject({ outcome: "refused", reason: "no_query", seconds: null });
  });
});

describe("what is no refusal fails by its name, and is noted as failed", () => {
  const failing = async (engine: Partial<QueryEngine>, more: Partial<CopilotPorts> = {}) => {
    const { ports, ...seen } = watched([count], engine, more);
    const error: unknown = await askCopilot("How many?", ports).catch((thrown: unknown) => thrown);
    return { error, ...seen };
  };

  test("before the first build of the marts", async () => {
    const { error, noted, asked } = await failing({}, { currentBuild: async () => undefined });

    expect(error).toBeInstanceOf(CopilotNotReady);
    expect(asked).toEqual([]);
    expect(noted[0]?.[1]).toMatchObject({ outcome: "failed", reason: "CopilotNotReady" });
  });

  test("a query that takes too long, which is stopped", async () => {
    const { error, stopped } = await failing({ standing: async () => ({ state: "running" }) });

    expect(error).toBeInstanceOf(QueryTooSlow);
    expect(stopped).toEqual(["query-1"]);
  });

  test("a query that its workgroup cuts off", async () => {
    const { error } = await failing({ standing: async () => ({ state: "stopped", reason: "limit" }) });

    expect(error).toBeInstanceOf(TooLarge);
  });

  test("a query that Athena cannot run, whose words may quote a row and stay there", async () => {
    const { error } = await failing({
      standing: async () => ({ state: "failed", reason: "cannot cast 'Ana'" }),
    });

    expect(error).toBeInstanceOf(QueryFailed);
    expect(String(error)).not.toContain("Ana");
  });
});

test("what is noted has neither an address of the question nor of the query", async () => {
  const sql = "SELECT count(*) AS n FROM customers WHERE city = 'ana@example.com'";
  const { ports, noted, started } = watched([JSON.stringify({ sql })]);

  await askCopilot("How many live in ana@example.com?", ports);

  expect(started[0]).toContain("ana@example.com");
  expect(noted[0]?.[1]).toMatchObject({
    question: "How many live in a***@example.com?",
    sql: expect.stringContaining("'a***@example.com'"),
  });
});

test("an answer stands even when it cannot be noted", async () => {
  const failures: unknown[] = [];
  const broken = new Error("no bucket");
  const { ports } = watched([count], {}, { onLogFailure: (error) => failures.push(error) });
  const store = { ...ports.store, putJson: () => Promise.reject(broken) };

  const { outcome } = await askCopilot("How many?", { ...ports, store });

  expect(outcome).toBe("answered");
  expect(failures).toEqual([broken]);
});
