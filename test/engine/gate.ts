import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { eventually } from "../local/clients.ts";
import { bucket, processor } from "./map-cloud.ts";

/** Children whose input is the key of an object: they fail until the object is there, then hand the key on. */
export function gate(put: (key: string, body: string) => Promise<unknown>, type = "STANDARD") {
  return {
    processor: processor(
      {
        Look: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:s3:headObject",
          Arguments: { Bucket: bucket, Key: "{% $states.input %}" },
          Output: "{% $states.input %}",
          End: true,
        },
      },
      type,
    ),
    /** Has the child with this input succeed from now on. */
    open: (key: string) => put(key, "open"),
  };
}

/** Starts an execution of a machine, or takes one that goes on, and waits for its end. */
export async function ended(sfn: SFNClient, stateMachineArn: string, running?: string) {
  const executionArn =
    running ?? (await sfn.send(new StartExecutionCommand({ stateMachineArn }))).executionArn ?? "";
  const description = await eventually(async () => {
    const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return found.status === "RUNNING" ? undefined : found;
  });
  return {
    ...description,
    executionArn,
    result: description.output === undefined ? undefined : JSON.parse(description.output),
  };
}
