import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from "@aws-sdk/client-athena";
import { eventually } from "./clients.ts";

/** Starts a query over the database `shop` and waits for its end. */
export async function query(
  athena: AthenaClient,
  QueryString: string,
  more: Partial<StartQueryExecutionInput> = {},
) {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString,
      QueryExecutionContext: { Database: "shop" },
      ResultConfiguration: { OutputLocation: "s3://results/queries/" },
      ...more,
    }),
  );
  return eventually(async () => {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return /QUEUED|RUNNING/.test(QueryExecution?.Status?.State ?? "") ? undefined : QueryExecution;
  });
}

/** The rows of a query without the line of its names; the reason when it did not succeed. */
export async function rowsOf(
  athena: AthenaClient,
  QueryString: string,
  more: Partial<StartQueryExecutionInput> = {},
) {
  const { QueryExecutionId, Status } = await query(athena, QueryString, more);
  if (Status?.State !== "SUCCEEDED") return Status?.StateChangeReason;
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return ResultSet?.Rows?.slice(1).map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue));
}
