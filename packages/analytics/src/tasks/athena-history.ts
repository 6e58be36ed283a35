import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
} from "@aws-sdk/client-athena";
import { fromAws } from "@penstock/runtime";
import type { QueryHistory, QueryRun } from "../ports.ts";

/** Both calls take and answer at most so many. */
const PAGE = 50;

/** The history of a workgroup, from Athena, which lists the latest first and keeps 45 days. */
export function athenaHistory(client: Pick<AthenaClient, "send">, workgroup: string): QueryHistory {
  const refused = fromAws(`the history of the workgroup ${workgroup}`);
  return {
    async latest(since, most) {
      const runs: QueryRun[] = [];
      let token: string | undefined;
      do {
        const page = await client
          .send(new ListQueryExecutionsCommand({ WorkGroup: workgroup, MaxResults: PAGE, NextToken: token }))
          .catch(refused);
        const ids = page.QueryExecutionIds ?? [];
        const found = ids.length === 0 ? [] : await executions(ids);
        const known = found.flatMap(runOf);
        runs.push(...known.filter(({ submittedAt }) => submittedAt >= since));
        // The list is in order of submission: an older one on a page means that only older ones follow.
        token = known.some(({ submittedAt }) => submittedAt < since) ? undefined : page.NextToken;
      } while (token !== undefined && runs.length < most);
      // A batch is answered in an order of its own.
      return runs.sort((a, b) => b.submittedAt.getTime() - a.submittedAt.getTime()).slice(0, most);
    },
  };

  async function executions(ids: string[]): Promise<QueryExecution[]> {
    const answer = await client
      .send(new BatchGetQueryExecutionCommand({ QueryExecutionIds: ids }))
      .catch(refused);
    // What it could not answer for (an execution that is forgotten by then) is not counted.
    return answer.QueryExecutions ?? [];
  }
}

function runOf({ Query, Status, Statistics }: QueryExecution): QueryRun[] {
  const [submittedAt, state] = [Status?.SubmissionDateTime, Status?.State];
  if (Query === undefined || submittedAt === undefined || state === undefined) return [];
  const worked = Statistics?.EngineExecutionTimeInMillis;
  return [
    {
      sql: Query,
      state,
      submittedAt,
      seconds: worked === undefined ? null : worked / 1000,
      scannedBytes: Statistics?.DataScannedInBytes ?? 0,
    },
  ];
}
