import { mkdir } from "node:fs/promises";
import path from "node:path";
import { catalogueProducts, catalogueUsers, sqlType } from "@penstock/contracts";
import { openSession, text } from "@penstock/runtime";
import { completeJourney } from "./complete-journey.ts";
import { retailrocket } from "./retailrocket.ts";
import type { ClickSource } from "./source.ts";

/** What an import found, and wrote below its directory in the layout of the bucket of interactions. */
export interface Imported {
  readonly interactions: number;
  readonly products: number;
  readonly users: number;
  /** Days of the first and the last interaction, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly categorised: number;
}

/** The data set that a folder holds. @returns undefined when it is none that has interactions */
export async function clickSource(folder: string): Promise<ClickSource | undefined> {
  return (await retailrocket(folder)) ?? (await completeJourney(folder));
}

/**
 * Writes a source as JSON lines by the day of the event, and its catalogues as snapshots that hold from the first day on, those of
 * products that change also from the first of each month after it. A snapshot is of the day before: it was taken in its course.
 */
export async function importSource(source: ClickSource, directory: string): Promise<Imported> {
  await mkdir(directory, { recursive: true });
  const tempDirectory = path.join(directory, ".temporary");
  await using session = await openSession({ memoryMb: 1024, threads: 2, tempDirectory });
  await session.run(`CREATE TABLE interactions AS ${source.interactions}`);
  await session.run(`CREATE TABLE users AS ${source.users}`);
  const [span] = await session.rows(
    "SELECT strftime(min(occurred_at), '%Y-%m-%d') AS first_day, strftime(max(occurred_at), '%Y-%m-%d') AS last_day FROM interactions",
  );
  const from = String(span?.first_day);
  const to = String(span?.last_day);
  const days = await session.rows(
    "SELECT DISTINCT strftime(occurred_at, '%Y-%m-%d') AS \"day\" FROM interactions ORDER BY 1",
  );
  for (const day of days.map((row) => String(row.day))) {
    const [year, month, date] = day.split("-");
    const folder = path.join(directory, "interactions", `year=${year}`, `month=${month}`, `day=${date}`);
    await mkdir(folder, { recursive: true });
    await session.run(`
      COPY (
        SELECT interaction_id, user_id, product_id, interaction_type,
          strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "timestamp", session_id, rating, device_type, page_context
        FROM interactions WHERE occurred_at >= DATE ${text(day)} AND occurred_at < DATE ${text(day)} + 1
        ORDER BY occurred_at, interaction_id
      ) TO ${text(path.join(folder, "import.jsonl"))} (FORMAT json)`);
  }
  const snapshot = async (
    { name, columns }: typeof catalogueProducts | typeof catalogueUsers,
    day: string,
  ) => {
    const folder = path.join(directory, name, `date=${dayBefore(day)}`);
    await mkdir(folder, { recursive: true });
    // What a source does not know is NULL of no type: here it has the contract's.
    const list = columns
      .map((column) => `CAST("${column.name}" AS ${sqlType(column)}) AS "${column.name}"`)
      .join(", ");
    await session.run(
      `COPY (SELECT ${list} FROM ${name} ORDER BY 1) TO ${text(path.join(folder, "import.parquet"))}
       (FORMAT parquet, COMPRESSION snappy)`,
    );
  };
  await snapshot(catalogueUsers, from);
  for (const day of [from, ...(source.monthly ? monthsAfter(from, to) : [])]) {
    await session.run(`CREATE OR REPLACE TABLE products AS ${source.products(day)}`);
    await snapshot(catalogueProducts, day);
  }
  const [facts] = await session.rows(`
    SELECT (SELECT count(*) FROM interactions) AS interactions, (SELECT count(*) FROM products) AS products,
      (SELECT count(*) FROM users) AS users, (SELECT count(category) FROM products) AS categorised`);
  return {
    interactions: Number(facts?.interactions),
    products: Number(facts?.products),
    users: Number(facts?.users),
    categorised: Number(facts?.categorised),
    from,
    to,
  };
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

/** The firsts of the months that begin after a day, up to another. */
function monthsAfter(from: string, to: string): string[] {
  const firsts: string[] = [];
  const first = new Date(`${from.slice(0, 7)}-01T00:00:00Z`);
  for (;;) {
    first.setUTCMonth(first.getUTCMonth() + 1);
    const day = first.toISOString().slice(0, 10);
    if (day > to) return firsts;
    firsts.push(day);
  }
}
