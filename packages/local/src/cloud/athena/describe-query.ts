import type { QueryExecution } from "./query-executions.ts";
import { seconds } from "./request.ts";

const categories = { system: 1, user: 2 };
const CREATE = "CREATE_TABLE_AS_SELECT";

/** A query execution as GetQueryExecution tells of it. */
export function describeQuery(query: QueryExecution): Record<string, unknown> {
  const { id, wanted, output, state, submittedAt, startedAt, endedAt, reason, byCaller, done } = query;
  const now = endedAt ?? new Date();
  const begun = startedAt ?? now;
  const failed = {
    ErrorCategory: byCaller ? categories.user : categories.system,
    Retryable: !byCaller,
    ErrorMessage: reason,
  };
  return {
    QueryExecutionId: id,
    Query: wanted.sql,
    StatementType: done?.kind === CREATE ? "DDL" : "DML",
    ResultConfiguration: { OutputLocation: done?.outputLocation ?? `${output}${id}.csv` },
    QueryExecutionContext: {
      ...(wanted.database === undefined ? {} : { Database: wanted.database }),
      ...(wanted.catalog === undefined ? {} : { Catalog: wanted.catalog }),
    },
    ...(wanted.parameters === undefined ? {} : { ExecutionParameters: wanted.parameters }),
    Status: {
      State: state,
      SubmissionDateTime: seconds(submittedAt),
      ...(endedAt === undefined ? {} : { CompletionDateTime: seconds(endedAt) }),
      ...(reason === undefined ? {} : { StateChangeReason: reason }),
      ...(state === "FAILED" ? { AthenaError: failed } : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: now.getTime() - begun.getTime(),
      DataScannedInBytes: query.scannedBytes,
      ...(done?.manifest === undefined ? {} : { DataManifestLocation: done.manifest }),
      TotalExecutionTimeInMillis: now.getTime() - submittedAt.getTime(),
      QueryQueueTimeInMillis: begun.getTime() - submittedAt.getTime(),
    },
    WorkGroup: wanted.workGroup,
    EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
    SubstatementType: done?.kind ?? "SELECT",
  };
}
