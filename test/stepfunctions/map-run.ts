import {
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { processor } from "../engine/map-cloud.ts";
import { eventually } from "../local/clients.ts";

/** Children that wait for an hour. */
export const waiting = (type = "STANDARD") =>
  processor({ Wait: { Type: "Wait", Seconds: 3600, End: true } }, type);

/** The counts of a Map Run without any. */
export const none = {
  pending: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total: 0,
  resultsWritten: 0,
  failuresNotRedrivable: 0,
  pendingRedrive: 0,
};

/** Starts an execution and answers its ARN. */
export async function startOf(sfn: SFNClient, stateMachineArn: string): Promise<string> {
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  if (executionArn === undefined) throw new Error("StartExecution gave no ARN");
  return executionArn;
}

/** The Map Run of an execution that has one. */
export async function mapRunOf(sfn: SFNClient, executionArn: string) {
  const mapRunArn = await eventually(async () => {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    return mapRuns[0]?.mapRunArn;
  });
  const describe = () => sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  const children = async (more: object = {}) =>
    (await sfn.send(new ListExecutionsCommand({ mapRunArn, ...more }))).executions ?? [];
  const when = (true_: (run: Awaited<ReturnType<typeof describe>>) => boolean) =>
    eventually(async () => {
      const run = await describe();
      return true_(run) ? run : undefined;
    });
  return { mapRunArn, describe, children, when };
}
