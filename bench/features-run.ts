import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { inParallel, parseS3Uri, s3ObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { bootCloud } from "../packages/local/src/cloud/index.ts";
import { machinesOf, renderProgram } from "../packages/local/src/render/index.ts";
import { FeatureData, type MeasuredRun } from "./features-measured.ts";

/** Boots the program, uploads what was generated, and runs one weekly execution: a process of its own. */
const [given = "", dataDirectory = ""] = process.argv.slice(2);
const data = v.parse(FeatureData, JSON.parse(given));
const root = path.resolve(import.meta.dirname, "..");
const Output = v.object({ rows: v.record(v.string(), v.number()), attempt: v.string(), profile: v.string() });

const graph = await renderProgram({ root, stage: "local" });
const bucket = (name: string) => v.parse(v.string(), graph.outputs[name]);
const cloud = await bootCloud(graph, { root, dataDirectory });
const connection = {
  endpoint: cloud.endpoint,
  region: graph.region,
  credentials: { accessKeyId: "operator", secretAccessKey: "operator" },
};
const s3 = new S3Client({ ...connection, forcePathStyle: true });
const stepFunctions = new SFNClient(connection);
const store = s3ObjectStore(s3);
try {
  const uploadSeconds = await seconds(async () => {
    const files = (await readdir(data.folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    await inParallel(files, (file) =>
      store.upload(file, s3Uri(bucket("interactions"), path.relative(data.folder, file))),
    );
  });
  const states: { name: string; seconds: number; entered: number }[] = [];
  const began = Date.now();
  cloud.on("history", (_, { type, timestamp, details }) => {
    const name = v.is(v.string(), details?.name) ? details.name : "";
    const at = new Date(timestamp).getTime();
    if (type.endsWith("StateEntered")) states.push({ name, seconds: 0, entered: (at - began) / 1000 });
    const open = states.find((state) => state.name === name && state.seconds === 0);
    if (type.endsWith("StateExited") && open !== undefined)
      open.seconds = Math.max(0.001, (at - began) / 1000 - open.entered);
  });
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: machinesOf(graph).find(({ workflow }) => workflow === "feature-pipeline")?.arn,
      input: JSON.stringify({ mode: "weekly", scheduled_at: `${data.until}T07:00:00Z` }),
    }),
  );
  const ended = async () => {
    for (;;) {
      const found = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      if (found.status !== "RUNNING") return found;
      await sleep(100);
    }
  };
  const { status, output, error, cause, startDate, stopDate } = await ended();
  if (status !== "SUCCEEDED") throw new Error(`the weekly run ended ${status}: ${error} ${cause} ${output}`);
  const { rows, attempt } = v.parse(Output, JSON.parse(output ?? ""));
  const folder = path.join(dataDirectory, "s3", bucket("features"));
  const written = async (group: string) => {
    for await (const { uri } of store.list(s3Uri(bucket("features"), `features/v1/${group}/`)))
      if (uri.includes(`attempt=${attempt}`)) return path.dirname(path.join(folder, parseS3Uri(uri).key));
    throw new Error(`there are no features of the group ${group}`);
  };
  const measured: MeasuredRun = {
    seconds: ((stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0)) / 1000,
    uploadSeconds,
    states,
    rows,
    clean: path.join(folder, "clean", attempt),
    features: {
      user: await written("user"),
      item: await written("item"),
      interaction: await written("interaction"),
    },
  };
  console.log(JSON.stringify(measured));
} finally {
  for (const client of [s3, stepFunctions]) client.destroy();
  await cloud.close();
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
