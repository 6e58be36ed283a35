import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  GetPartitionsCommand,
} from "@aws-sdk/client-glue";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { bootCloud } from "../../../packages/local/src/cloud/index.ts";
import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";
import { fastClock } from "../../../packages/local/src/engine/index.ts";
import { machinesOf, type ResourceGraph } from "../../../packages/local/src/render/index.ts";
import {
  brokenCatalogueOf,
  catalogueOf,
  interactionsOf,
  lonelyOf,
  type RawInteractions,
  rawInteractions,
} from "../../e2e/interactions.ts";
import { settled } from "../../e2e/prod-cloud.ts";
import { clientsOf, eventually } from "../clients.ts";
import { root } from "../small-graph.ts";

const days = ["2025-03-10", "2025-03-11", "2025-03-12"] as const;

/** Of a failed execution the attempt that its cause names: the report of what was wrong lies under it. */
function attemptOf({ cause = "" }: { readonly cause?: string | undefined }): string {
  return /\/([^/]+)\.json/.exec(cause)?.[1] ?? "";
}

/**
 * The life of the feature pipeline: days in turn, all of them for training, one again, one that breaks a threshold, a
 * range whose features somebody wants a copy of, and two executions of the same days.
 */
export async function featureDays(graph: ResourceGraph): Promise<readonly Grant[]> {
  const cloud = await bootCloud(graph, { root, notesGrants: true, clock: fastClock(1000) });
  const { s3, sfn, lambda, glue } = clientsOf(cloud.endpoint);
  const output = (name: string) => String(graph.outputs[name]);
  const stateMachineArn = machinesOf(graph).find(({ workflow }) => workflow === "feature-pipeline")?.arn;
  const put = async ({ key, body }: RawInteractions) => {
    await s3.send(new PutObjectCommand({ Bucket: output("interactions"), Key: key, Body: body }));
  };
  const start = async (input: object) => {
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return executionArn;
  };
  const ended = (executionArn: string | undefined) =>
    eventually(async () => {
      const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === "RUNNING" ? undefined : found;
    });
  const run = async (input: object) => ended(await start(input));
  const invoke = async (task: string, event: object) => {
    const FunctionName = `${graph.app}-${graph.stage}-${task}`;
    await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  };
  const remove = async (Key: string) => {
    await s3.send(new DeleteObjectCommand({ Bucket: output("interactions"), Key }));
  };
  /** Has the partition of an attempt lie where nothing is. */
  const displace = async (TableName: string, attempt: string) => {
    const table = { DatabaseName: output("featuresDatabase"), TableName };
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand(table));
    const own = Partitions.find(({ Values = [] }) => Values.includes(attempt));
    const { Values, StorageDescriptor } = own ?? {};
    await glue.send(new BatchDeletePartitionCommand({ ...table, PartitionsToDelete: [{ Values }] }));
    const elsewhere = { ...StorageDescriptor, Location: `s3://${output("features")}/clean/elsewhere/` };
    await glue.send(
      new BatchCreatePartitionCommand({
        ...table,
        PartitionInputList: [{ Values, StorageDescriptor: elsewhere }],
      }),
    );
  };
  const morning = "T05:00:00Z";
  const fire = (mode: string, day: string) =>
    cloud.fireSchedule(`${graph.app}-${graph.stage}-feature-pipeline-${mode}`, new Date(`${day}${morning}`));
  const catalogue = [...catalogueOf("2025-03-01"), ...brokenCatalogueOf("2025-03-01")];
  const lines = rawInteractions(
    days[2],
    Array.from({ length: 50 }, () => "{no json"),
    "broken",
  );
  try {
    const lonely = rawInteractions(days[0], lonelyOf(days[0], days, 20), "lonely");
    await put(lonely);
    for (const object of catalogue) await put(object);
    for (const day of days) {
      await put(rawInteractions(day, interactionsOf(day, 20)));
    }
    fire("daily", days[1]);
    await settled(cloud);
    await run({ mode: "daily", scheduled_at: `${days[2]}${morning}` });
    fire("weekly", days[2]);
    await settled(cloud);
    const again = { mode: "daily", scheduled_at: `${days[2]}${morning}` };
    const both = [await start(again), await start(again)];
    await Promise.all(both.map(ended));
    await run({
      mode: "range",
      start_date: days[0],
      end_date: days[1],
      output_path: `s3://${output("features")}/exports/march/`,
    });
    await run({ mode: "range", start_date: days[0], end_date: days[0], validate_only: true });
    // Somebody's last row is taken back, and what is online of them with it.
    await remove(lonely.key);
    const last = await run({ mode: "range", start_date: days[0], end_date: days[0] });
    const { attempt } = JSON.parse(last.output ?? "{}");
    await put(lines);
    const broken = await run({ mode: "daily", scheduled_at: `2025-03-13${morning}` });

    const record = (text: string) => JSON.stringify({ rawData: Buffer.from(text).toString("base64") });
    const dated = record('{"timestamp":"2025-03-01T10:00:00Z"}');
    await put({ key: "undeliverable/whole.jsonl", body: dated });
    await put({ key: "undeliverable/mixed.jsonl", body: `${dated}\n${record("no JSON")}` });
    await invoke("Undeliverable", { deliver: true });

    await invoke("EstimateBackfill", { from: days[0], to: days[2] });
    // Of a day that was never landed nobody knows whether it has a line.
    const unknown = "2025-03-20";
    await put(rawInteractions(unknown, interactionsOf(unknown, 1)));
    await invoke("EstimateBackfill", { from: unknown, to: unknown });

    const place = (key: string) => `s3://${output("features")}/${key}`;
    const plan = place(`plans/${attempt}.json`);
    // A partition of the last run that lies elsewhere than it should is put right by whoever registers it.
    for (const table of ["clean_users", "interaction_features"]) await displace(table, attempt);
    await invoke("CatalogueCandidate", { plan, result: place(`plans/${attempt}/clean-result.json`) });
    await invoke("ProfileFeatures", { plan, tries: { user: "0-0", item: "0-0", interaction: "0-0" } });
    // What is gone is told by its name, for which a role must be allowed to look.
    const gone = { plan: place("plans/gone.json") };
    for (const task of ["CheckArrivals", "JudgeValidation", "CheckParity", "AcceptFeatures"])
      await invoke(task, gone);
    await invoke("LandInteractions", { ...gone, slice: 0 });
    await invoke("CatalogueCandidate", { ...gone, result: gone.plan });
    await invoke("PublishOnline", { ...gone, slices: [] });
    await remove(lines.key);
    await invoke("LandInteractions", { plan: place(`plans/${attemptOf(broken)}.json`), slice: 0 });
    for (const { key } of catalogue) await remove(key);
    await invoke("JudgeValidation", { plan });
    await sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    fire("daily", days[0]);
    fire("weekly", days[0]);
    await settled(cloud);
    return cloud.neededGrants();
  } finally {
    await cloud.close();
  }
}
