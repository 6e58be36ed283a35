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
        const recent = found.flatMap(runOf).filter(({ submittedAt }) => submittedAt >= since);
        runs.push(...recent);
        // The list is in order of submission: an older one on a page means that only older ones follow.
        token = recent.length < found.length ? undefined : page.NextToken;
      } while (token !== undefined && runs.length < most);
      return runs.slice(0, most);
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
  const ended = Status?.CompletionDateTime;
  return [
    {
      sql: Query,
      state,
      submittedAt,
      seconds: ended === undefined ? null : Math.max(0, (ended.getTime() - submittedAt.getTime()) / 1000),
      scannedBytes: Statistics?.DataScannedInBytes ?? 0,
    },
  ];
}
