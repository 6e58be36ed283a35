import { isDeepStrictEqual } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { brokenRules, type Contract, compileTable, contracts, decodeRecord } from "@penstock/contracts";
import fc from "fast-check";
import * as v from "valibot";
import { beforeAll, describe, expect, test } from "vitest";
import { cellsOf } from "../contracts/agreement/cells.ts";
import { forDuckDb, load, openDuckDb, rowsOf } from "../contracts/agreement/duckdb.ts";
import { factsOf } from "../contracts/agreement/facts.ts";
import { LAYOUTS, physicalColumns } from "../contracts/agreement/layouts.ts";
import { probe } from "../contracts/agreement/probe.ts";
import type { RawCell } from "../contracts/agreement/raw-cell.ts";

const BATCHES = 4;
const ROWS = 150;

describe("for any row, valibot and the compiled SQL on DuckDB agree", () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await openDuckDb();
  });

  for (const contract of [...Object.values<Contract>(contracts), probe]) {
    test.each(Object.entries(LAYOUTS))(`${contract.name}, stored as %s`, async (_name, layout) => {
      // Prepare
      const columns = physicalColumns(contract, layout);
      const facts = factsOf(contract);
      const row = fc.tuple(
        ...contract.columns.map((column, index) =>
          cellsOf(column, columns[index]?.type ?? "VARCHAR", facts[column.name] ?? {}),
        ),
      );
      const rows = fc.array(row, { minLength: ROWS, maxLength: ROWS, size: "max" });
      let [valid, broken] = [0, 0];

      // Act, and assess each batch
      const property = fc.asyncProperty(rows, async (batch) => {
        for (const { raw, bySchema, success, bySql, decoded } of await judge(
          connection,
          contract,
          columns,
          batch,
        )) {
          const seen = () =>
            JSON.stringify(raw, (_key, value) => (typeof value === "bigint" ? `${value}n` : value));
          const agree = isDeepStrictEqual(bySql, bySchema);
          if (!agree) expect(bySql, `rules of ${seen().slice(0, 2000)}`).toEqual(bySchema);
          const columnsHold = bySchema.every((rule) => !rule.includes("."));
          if (columnsHold !== success)
            expect(columnsHold, `verdict of ${seen().slice(0, 2000)}`).toBe(success);
          if (success) valid += 1;
          else broken += 1;
          if (success && !isDeepStrictEqual(decoded.sql, decoded.record)) {
            expect(decoded.sql, `values of ${seen().slice(0, 2000)}`).toEqual(decoded.record);
          }
        }
      });
      await fc.assert(property, { numRuns: BATCHES, endOnFailure: true });

      // Both verdicts were met, so agreement means something.
      expect(valid).toBeGreaterThan(10);
      expect(broken).toBeGreaterThan(10);
    });
  }
});

async function judge(
  connection: DuckDBConnection,
  contract: Contract,
  columns: readonly { name: string; type: string }[],
  batch: readonly (readonly RawCell[])[],
) {
  await load(
    connection,
    "raw_rows",
    columns,
    batch.map((row) => row.map((cell) => cell.text)),
  );
  const { rules, decoded } = compileTable(contract, "penstock", columns);
  const selected = [
    ...rules.map(({ rule, broken }) => `${broken} AS "rule ${rule}"`),
    ...decoded.map(({ column, sql }) => `${sql} AS "${column}"`),
  ];
  const query = forDuckDb(`SELECT row_number, ${selected.join(", ")} FROM raw_rows`);
  const answers = await rowsOf(connection, `${query} ORDER BY row_number`);
  return batch.map((row, index) => {
    const answer = answers[index] ?? {};
    const raw = Object.fromEntries(row.map((cell, at) => [columns[at]?.name ?? "", cell.raw]));
    const record = decodeRecord(contract, "penstock", raw);
    // A rule's answer is TRUE or FALSE; a NULL is neither and shows as a rule that nobody broke.
    const bySql = rules.flatMap(({ rule }) => {
      const broken = answer[`rule ${rule}`];
      return broken === false ? [] : [broken === true ? rule : `${rule} is ${broken}`];
    });
    return {
      raw,
      bySchema: brokenRules(contract, record),
      success: v.safeParse(contract.schema, record).success,
      bySql: bySql.sort(),
      decoded: {
        sql: contract.columns.map(({ name }) => answer[name]),
        record: contract.columns.map((column) => curated(column, record[column.name])),
      },
    };
  });
}

/** A record's value as DuckDB prints the curated one. */
function curated(column: Contract["columns"][number], value: unknown): unknown {
  if (typeof value === "number") {
    if (column.type === "double" && !Number.isFinite(value)) return String(value);
    if (column.type === "integer") return String(value === 0 ? 0 : value);
    if (column.type === "decimal") return (value === 0 ? 0 : value).toFixed(column.scale);
  }
  return column.type === "timestamp" && typeof value === "string" ? value.replace("T", " ") : value;
}
