// Run in a copy of the sources to which docs/extending.md was applied: renders its program, boots it, lets one file of
// returns arrive, and prints as JSON what came of it.
import path from "node:path";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
} from "@aws-sdk/client-sfn";
import { parquetWriteBuffer } from "hyparquet-writer";
import * as v from "valibot";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { bucketsOf } from "../../packages/local/src/main-job/run.ts";
import { machinesOf, renderProgram, resourcesOf } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";

const root = path.resolve(import.meta.dirname, "../..");
const Output = v.looseObject({ profile: v.optional(v.string()) });

const graph = await renderProgram({ root, stage: "local" });
const machine = machinesOf(graph).find(({ workflow }) => workflow === "raw-to-curated");
if (machine === undefined) throw new Error("The program has no raw-to-curated.");
const cloud = await bootCloud(graph, { root });
try {
  const { s3, sfn } = clientsOf(cloud.endpoint);
  const arrived = {
    Bucket: bucketsOf(graph).raw,
    Key: "ecommerce/returns-raw/year=2025/month=01/day=16/returns.parquet",
    Body: returns(),
  };
  await s3.send(new PutObjectCommand(arrived));
  const executionArn = await eventually(async () => {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine.arn }));
    return executions[0]?.executionArn;
  });
  const ended = await eventually(async () => {
    const description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return description.status === "RUNNING" ? undefined : description;
  });
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  const output = v.parse(Output, JSON.parse(ended.output ?? "{}"));
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(output.profile ?? "") ?? [];
  const profile = Bucket && (await s3.send(new GetObjectCommand({ Bucket, Key })));
  console.log(
    JSON.stringify({
      status: ended.status,
      error: ended.error,
      cause: ended.cause,
      states: events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []),
      output,
      profile: profile && JSON.parse((await profile.Body?.transformToString()) ?? "null"),
      glueTables: resourcesOf(graph, "aws:glue/catalogTable:CatalogTable").map(({ inputs }) => inputs.name),
    }),
  );
} finally {
  await cloud.close();
}

/** Three returns of an order that is not there: two that wait for it, and one that came back before it was asked for. */
function returns(): Uint8Array {
  const column = (name: string, data: string[]) => ({ name, data, type: "STRING" as const });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column("return_id", ["r1", "r2", "r3"]),
        column("order_id", ["o1", "o1", "o2"]),
        column("reason", ["damaged", "changed_mind", "damaged"]),
        column("refund_amount", ["5.00", "12.50", "1.00"]),
        column("requested_at", ["2025-01-10T08:00:00", "2025-01-10T08:00:00", "2025-01-10T08:00:00"]),
        column("received_at", ["2025-01-12T08:00:00", "2025-01-13T08:00:00", "2025-01-09T08:00:00"]),
      ],
    }),
  );
}
