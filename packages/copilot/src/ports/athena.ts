import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { fromAws } from "@penstock/runtime/aws";
import { UpstreamUnavailable } from "@penstock/runtime/errors";
import type { QueryEngine, QueryStanding } from "./query-engine.ts";

/** Athena, in a workgroup that says where results go. */
export function athenaEngine(
  client: Pick<AthenaClient, "send">,
  { workgroup, database }: { readonly workgroup: string; readonly database: string },
): QueryEngine {
  return {
    async start(sql) {
      const { QueryExecutionId } = await client
        .send(
          new StartQueryExecutionCommand({
            QueryString: sql,
            WorkGroup: workgroup,
            QueryExecutionContext: { Database: database },
          }),
        )
        .catch(fromAws(`a query in ${workgroup}`));
      if (QueryExecutionId === undefined)
        throw new UpstreamUnavailable("Athena started a query without an id");
      return QueryExecutionId;
    },

    async standing(QueryExecutionId) {
      const { QueryExecution } = await client
        .send(new GetQueryExecutionCommand({ QueryExecutionId }))
        .catch(fromAws(`the query ${QueryExecutionId}`));
      return standingOf(QueryExecution?.Status, QueryExecution?.Statistics);
    },

    async rows(QueryExecutionId, most) {
      // The first row of the first page has the names.
      const { ResultSet } = await client
        .send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: most + 1 }))
        .catch(fromAws(`the rows of ${QueryExecutionId}`));
      const columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
        name: Name ?? "",
        type: Type ?? "varchar",
      }));
      const [, ...rows] = ResultSet?.Rows ?? [];
      return { columns, rows: rows.map(({ Data }) => (Data ?? []).map((cell) => cell.VarCharValue ?? null)) };
    },

    async stop(QueryExecutionId) {
      await client
        .send(new StopQueryExecutionCommand({ QueryExecutionId }))
        .catch(fromAws(`the query ${QueryExecutionId}`));
    },
  };
}

function standingOf(
  status: { State?: string | undefined; StateChangeReason?: string | undefined } | undefined,
  statistics: {
    DataScannedInBytes?: number | undefined;
    TotalExecutionTimeInMillis?: number | undefined;
  } = {},
): QueryStanding {
  const reason = status?.StateChangeReason ?? "Athena gives no reason";
  switch (status?.State) {
    case "SUCCEEDED": {
      const { DataScannedInBytes = 0, TotalExecutionTimeInMillis = 0 } = statistics;
      return {
        state: "succeeded",
        scannedBytes: DataScannedInBytes,
        seconds: TotalExecutionTimeInMillis / 1000,
      };
    }
    case "FAILED":
      return { state: "failed", reason };
    case "CANCELLED":
      return { state: "stopped", reason };
    default:
      return { state: "running" };
  }
}
