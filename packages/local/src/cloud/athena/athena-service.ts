import type { Caller, Service } from "../gateway/call.ts";
import { jsonService, type Parameters } from "../gateway/json-service.ts";
import { describeQuery } from "./describe-query.ts";
import { invalid } from "./invalid-request.ts";
import type { QueryExecutions } from "./query-executions.ts";
import type { ResultColumn } from "./query-protocol.ts";
import { optional, page, part, required, texts } from "./request.ts";
import { workGroupActions } from "./work-group-actions.ts";

/** Athena's quotas, and what a page has when nothing is said. */
const MOST_ROWS = 1000;
const MOST_EXECUTIONS = 50;
const longestQuery = 262_144;

/** Athena's API over queries on DuckDB, as far as workgroups, running queries and reading their results go. */
export function athenaService(queries: QueryExecutions): Service {
  return jsonService("athena", "1.1", {
    ...workGroupActions(queries.groups),
    StartQueryExecution: (parameters, caller) => start(queries, parameters, caller),
    GetQueryExecution: (parameters) => ({
      QueryExecution: describeQuery(queries.get(required(parameters, "QueryExecutionId"))),
    }),
    BatchGetQueryExecution: (parameters) => {
      const ids = texts(parameters, "QueryExecutionIds") ?? [];
      if (ids.length < 1 || ids.length > MOST_EXECUTIONS)
        throw invalid(`QueryExecutionIds must be from 1 to ${MOST_EXECUTIONS}`);
      const missing = ids.filter((id) => queries.find(id) === undefined);
      return {
        QueryExecutions: ids.flatMap((id) => queries.find(id) ?? []).map(describeQuery),
        UnprocessedQueryExecutionIds: missing.map((QueryExecutionId) => ({
          QueryExecutionId,
          ErrorCode: "InvalidRequestException",
          ErrorMessage: `QueryExecution ${QueryExecutionId} was not found`,
        })),
      };
    },
    ListQueryExecutions: (parameters) => {
      const { name } = queries.groups.get(optional(parameters, "WorkGroup") ?? "primary");
      const ids = queries.of(name).map(({ id }) => id);
      const { items, ...more } = page(ids, parameters, MOST_EXECUTIONS);
      return { QueryExecutionIds: items, ...more };
    },
    GetQueryResults: (parameters) => results(queries, parameters),
    StopQueryExecution: (parameters) => {
      queries.stop(queries.get(required(parameters, "QueryExecutionId")));
    },
  });
}

function start(queries: QueryExecutions, parameters: Parameters, caller: Caller): Record<string, unknown> {
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
    parameters: texts(parameters, "ExecutionParameters"),
    database: optional(context, "Database"),
    catalog: optional(context, "Catalog"),
    workGroup: optional(parameters, "WorkGroup") ?? "primary",
    outputLocation: optional(part(parameters, "ResultConfiguration"), "OutputLocation"),
  };
  return { QueryExecutionId: queries.start(wanted, token, caller).id };
}

/** The first page begins with the names of the columns, as Athena's does. */
async function results(queries: QueryExecutions, parameters: Parameters): Promise<Record<string, unknown>> {
  const { columns, rows } = await queries.result(queries.get(required(parameters, "QueryExecutionId")));
  const all = columns.length === 0 ? rows : [columns.map(({ name }) => name), ...rows];
  const { items, ...more } = page(all, parameters, MOST_ROWS);
  return {
    UpdateCount: 0,
    ResultSet: {
      Rows: items.map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
      ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
    },
    ...more,
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
