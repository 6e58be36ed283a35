import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, openSession, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;
let session: DuckSession;
const file = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-session-"));
  session = await openSession({
    memoryMb: 200,
    threads: 2,
    tempDirectory: file("spill"),
    directories: [folder],
  });
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

describe("rows of a session", () => {
  test("are in record form: numbers, ISO times without zone, lists, text for all else", async () => {
    const [row] = await session.rows(
      `SELECT 7::BIGINT AS big, 12.50::DECIMAL(10, 2) AS price, 1.5::DOUBLE AS real, TRUE AS yes, NULL AS none,
              TIMESTAMP '2025-01-16 08:00:00' AS at, TIMESTAMP '2025-01-16 08:00:00.000001' AS finer,
              DATE '2025-01-16' AS day, ['a', NULL] AS list, [DATE '2025-01-16'] AS days,
              count(*) AS n, sum(3) AS s, 'é😀' AS word`,
    );

    expect(row).toEqual({
      big: 7,
      price: 12.5,
      real: 1.5,
      yes: true,
      none: null,
      at: "2025-01-16T08:00:00",
      finer: "2025-01-16T08:00:00.000001",
      day: "2025-01-16",
      list: ["a", null],
      days: ["2025-01-16"],
      n: 1,
      s: 3,
      word: "é😀",
    });
  });

  test("give an integer beyond 2^53 as its digits, and the last one within as a number", async () => {
    const [row] = await session.rows("SELECT 9007199254740991 AS last, 9007199254740993 AS beyond");

    expect(row).toEqual({ last: 9007199254740991, beyond: "9007199254740993" });
  });
});

test("describes the columns of a view in order, with DuckDB's names of their types", async () => {
  await session.run(
    `CREATE OR REPLACE TEMP VIEW "a view" AS SELECT 'x' AS "née", 1::DECIMAL(10, 2) AS price, ['a'] AS list`,
  );

  expect(await session.describe(`"a view"`)).toEqual([
    { name: "née", type: "VARCHAR" },
    { name: "price", type: "DECIMAL(10,2)" },
    { name: "list", type: "VARCHAR[]" },
  ]);
});

describe("a session is confined", () => {
  test("it writes and reads files in its folders", async () => {
    await session.run(`COPY (SELECT 1 AS x) TO ${text(file("x.parquet"))} (FORMAT parquet)`);

    expect(await session.rows(`SELECT * FROM ${text(file("x.parquet"))}`)).toEqual([{ x: 1 }]);
  });

  test.each([
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "COPY (SELECT 1) TO '/tmp/penstock-outside.parquet' (FORMAT parquet)",
    "INSTALL httpfs",
    "ATTACH '/tmp/penstock-outside.db'",
    "SET enable_external_access = true",
    "SET memory_limit = '10GB'",
    "SET autoinstall_known_extensions = true",
  ])("%s is refused", async (sql) => {
    await expect(session.run(sql)).rejects.toMatchObject({ name: expect.stringMatching(/^QueryFailed$/) });
  });
});

describe("a failed query is named", () => {
  const readFrom = async (name: string, content: Buffer | string) => {
    await writeFile(file(name), content);
    return session.rows(`SELECT * FROM read_parquet(${text(file(name))})`);
  };

  test("UnsupportedFile for text, an empty file and half a Parquet file", async () => {
    await session.run(
      `COPY (SELECT range AS x FROM range(10000)) TO ${text(file("whole.parquet"))} (FORMAT parquet)`,
    );
    const whole = await readFile(file("whole.parquet"));

    for (const content of ["id,name\n1,a\n", "", whole.subarray(0, whole.length / 2)]) {
      await expect(readFrom("bad.parquet", content)).rejects.toMatchObject({ name: "UnsupportedFile" });
    }
  });

  test("ObjectMissing for a file that is not there", async () => {
    const query = session.rows(`SELECT * FROM read_parquet(${text(file("gone.parquet"))})`);

    await expect(query).rejects.toMatchObject({ name: "ObjectMissing" });
  });

  test("OutOfMemory when neither the limit nor the disk holds what it needs", async () => {
    await expect(session.rows("SELECT list(range) FROM range(100000000)")).rejects.toMatchObject({
      name: "OutOfMemory",
    });
  });

  test("QueryFailed with DuckDB's reason where only the query is at fault", async () => {
    await expect(session.rows("SELECT nothing FROM nowhere")).rejects.toMatchObject({
      name: "QueryFailed",
      message: expect.stringContaining("nowhere"),
    });
  });

  test.each([
    ["a conversion", "SELECT CAST(card AS INTEGER) FROM secrets"],
    ["an overflow", "SELECT number * number FROM secrets"],
    ["an error that the data raise", "SELECT error(card) FROM secrets"],
    ["a value that looks like the kind of another error", "SELECT error(fake) FROM secrets"],
  ])("QueryFailed without any value of a row after %s", async (_, sql) => {
    await session.run(
      `CREATE OR REPLACE TEMP TABLE secrets AS
       SELECT 'card 4111-1111-1111-1111' AS card, 4111111111111111 AS number, 'Binder Error: 4111 1111' AS fake`,
    );

    const failure: unknown = await session.rows(sql).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );

    if (!(failure instanceof Error)) expect.unreachable();
    expect(failure.name).toBe("QueryFailed");
    expect(`${failure.message} ${failure.stack} ${String(failure.cause)}`).not.toContain("1111");
  });
});

describe("closing a session", () => {
  test("waits for the query that runs", async () => {
    const other = await openSession({ memoryMb: 100, threads: 1, tempDirectory: file("other") });

    const slow = other.rows(
      "SELECT count(*) AS n FROM range(3000) a, range(3000) b WHERE a.range <> b.range",
    );
    await other.close();

    expect(await slow).toEqual([{ n: 8_997_000 }]);
  });

  test("can be done twice, and leaves no file behind", async () => {
    const other = await openSession({ memoryMb: 100, threads: 1, tempDirectory: file("other") });
    await other.run("CREATE TABLE t AS SELECT range FROM range(100000)");

    await other.close();
    await other.close();

    expect(await readdir(file("other"))).toEqual([]);
  });
});
