import { NotImplemented } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { jsonService, type Parameters } from "../gateway/json-service.ts";
import { invalid, type QueryExecution, type QueryExecutions } from "./query-executions.ts";
import type { ResultColumn } from "./query-protocol.ts";

/** Athena's quota, and what a page has when nothing is said. */
const MOST_ROWS = 1000;
const longestQuery = 262_144;

/** Athena's API over queries on DuckDB, as far as running them and reading their results goes. */
export function athenaService(queries: QueryExecutions): Service {
  return jsonService("athena", "1.1", {
    StartQueryExecution: (parameters, caller) => {
      if (parameters.ExecutionParameters !== undefined) {
        throw new NotImplemented("athena", "StartQueryExecution with ExecutionParameters");
      }
      const sql = required(parameters, "QueryString");
      if (Buffer.byteLength(sql) > longestQuery)
        throw invalid(`QueryString is longer than ${longestQuery} bytes`);
      const token = optional(parameters, "ClientRequestToken");
      if (token !== undefined && (token.length < 32 || token.length > 128)) {
        throw invalid("ClientRequestToken must have 32 to 128 characters");
      }
      const context = part(parameters, "QueryExecutionContext");
      const wanted = {
        sql,
        database: optional(context, "Database"),
        catalog: optional(context, "Catalog"),
        workGroup: optional(parameters, "WorkGroup") ?? "primary",
        outputLocation: optional(part(parameters, "ResultConfiguration"), "OutputLocation"),
      };
      return { QueryExecutionId: queries.start(wanted, token, caller).id };
    },
    GetQueryExecution: (parameters) => ({
      QueryExecution: described(queries.get(required(parameters, "QueryExecutionId"))),
    }),
    GetQueryResults: async (parameters) => results(queries, parameters),
    StopQueryExecution: (parameters) => {
      queries.stop(queries.get(required(parameters, "QueryExecutionId")));
      return {};
    },
  });
}

/** Athena's JSON has instants as seconds since the epoch. */
function seconds(date: Date): number {
  return date.getTime() / 1000;
}

const categories = { system: 1, user: 2 };

function described(query: QueryExecution): Record<string, unknown> {
  const { id, wanted, output, state, submittedAt, startedAt, endedAt, failure, done } = query;
  const now = endedAt ?? new Date();
  const begun = startedAt ?? now;
  const location = done?.unloaded === false ? done.outputLocation : `${output}${id}.csv`;
  return {
    QueryExecutionId: id,
    Query: wanted.sql,
    StatementType: "DML",
    ResultConfiguration: { OutputLocation: done?.unloaded === true ? `${output}${id}` : location },
    QueryExecutionContext: {
      ...(wanted.database === undefined ? {} : { Database: wanted.database }),
      ...(wanted.catalog === undefined ? {} : { Catalog: wanted.catalog }),
    },
    Status: {
      State: state,
      SubmissionDateTime: seconds(submittedAt),
      ...(endedAt === undefined ? {} : { CompletionDateTime: seconds(endedAt) }),
      ...(failure === undefined
        ? {}
        : {
            StateChangeReason: failure.message,
            AthenaError: {
              ErrorCategory: failure.byCaller ? categories.user : categories.system,
              Retryable: !failure.byCaller,
              ErrorMessage: failure.message,
            },
          }),
      ...(state === "CANCELLED" ? { StateChangeReason: "Query cancelled by user" } : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: now.getTime() - begun.getTime(),
      DataScannedInBytes: done?.scannedBytes ?? 0,
      ...(done?.unloaded === true ? { DataManifestLocation: done.outputLocation } : {}),
      TotalExecutionTimeInMillis: now.getTime() - submittedAt.getTime(),
      QueryQueueTimeInMillis: begun.getTime() - submittedAt.getTime(),
    },
    WorkGroup: wanted.workGroup,
    EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
    SubstatementType: done?.unloaded === true ? "UNLOAD" : "SELECT",
  };
}

/** The first page begins with the names of the columns, as Athena's does. */
async function results(queries: QueryExecutions, parameters: Parameters): Promise<Record<string, unknown>> {
  const { columns, rows } = await queries.result(queries.get(required(parameters, "QueryExecutionId")));
  const size = parameters.MaxResults ?? MOST_ROWS;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > MOST_ROWS) {
    throw invalid(`MaxResults must be from 1 to ${MOST_ROWS}`);
  }
  const start = position(optional(parameters, "NextToken"));
  const all = columns.length === 0 ? rows : [columns.map(({ name }) => name), ...rows];
  const end = start + size;
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: all.slice(start, end).map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
      ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
    },
    ...(end < all.length ? { NextToken: Buffer.from(`row:${end}`).toString("base64url") } : {}),
  };
}

function columnInfo({ name, type, precision, scale }: ResultColumn): Record<string, unknown> {
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: "UNKNOWN",
    CaseSensitive: type === "varchar",
  };
}

function position(token: string | undefined): number {
  if (token === undefined) return 0;
  const found = /^row:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (found === undefined) throw invalid("Invalid NextToken");
  return Number(found);
}

function optional(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalid(`${name} must be a text`);
}

function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value !== undefined && value !== "") return value;
  throw invalid(`${name} is required`);
}

function part(parameters: Parameters, name: string): Parameters {
  const value = parameters[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  throw invalid(`${name} must be an object`);
}
