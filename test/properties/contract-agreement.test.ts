import { isDeepStrictEqual } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { brokenRules, type Contract, compileTable, contracts, decodeRecord } from "@penstock/contracts";
import fc from "fast-check";
import * as v from "valibot";
import { beforeAll, describe, expect, test } from "vitest";
import { cellsOf } from "../contracts/agreement/cells.ts";
import { forDuckDb, load, openDuckDb, rowsOf } from "../contracts/agreement/duckdb.ts";
import { factsOf } from "../contracts/agreement/facts.ts";
import { probe } from "../contracts/agreement/probe.ts";
import type { RawCell } from "../contracts/agreement/raw-cell.ts";

type Layout = Readonly<Record<string, readonly string[]>>;

/** How files store the logical types. Every row is judged in every layout; a list is dealt out over the columns. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  "the contract's own types": {
    integer: ["BIGINT"],
    decimal: ["DECIMAL(10,2)", "DECIMAL(12,2)"],
    boolean: ["BOOLEAN"],
    double: ["DOUBLE"],
    timestamp: ["TIMESTAMP"],
    date: ["DATE"],
  },
  "doubles and times with a zone": {
    integer: ["DOUBLE"],
    decimal: ["DOUBLE"],
    boolean: ["BOOLEAN"],
    double: ["FLOAT"],
    timestamp: ["TIMESTAMP WITH TIME ZONE"],
    date: ["VARCHAR"],
  },
  "other widths": {
    integer: ["HUGEINT", "UBIGINT", "INTEGER", "FLOAT", "DECIMAL(38,3)", "DECIMAL(9,0)"],
    decimal: ["DECIMAL(38,18)", "DECIMAL(15,3)", "BIGINT", "DECIMAL(30,2)", "DOUBLE"],
    boolean: ["BOOLEAN"],
    double: ["BIGINT", "DECIMAL(38,10)", "DECIMAL(12,4)"],
    timestamp: ["TIMESTAMP_NS", "TIMESTAMP_MS", "DATE", "TIMESTAMP_S"],
    date: ["DATE"],
  },
  "text, as CSV has it": {
    integer: ["VARCHAR"],
    decimal: ["VARCHAR"],
    boolean: ["VARCHAR"],
    timestamp: ["VARCHAR"],
  },
};

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
          if (bySchema.length > 0) broken += 1;
          else valid += 1;
          if (bySchema.length === 0 && !isDeepStrictEqual(decoded.sql, decoded.record)) {
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

function physicalColumns(contract: Contract, layout: Layout) {
  return contract.columns.map((column, index) => {
    const types = layout[column.type] ?? ["VARCHAR"];
    return { name: column.name, type: types[index % types.length] ?? "VARCHAR" };
  });
}

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
