import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type ObjectStore, s3ObjectStore } from "@penstock/runtime";
import * as v from "valibot";
import { bootCloud, type Cloud } from "../cloud/index.ts";
import { fastClock } from "../engine/index.ts";
import { type ResourceGraph, renderProgram } from "../render/index.ts";
import { machinesOf } from "../render/machines.ts";
import { type DnaPlaces, dnaPlacesOf } from "./dna/places.ts";
import type { MainJobOptions } from "./options.ts";
import type { Buckets } from "./places.ts";
import type { ProdPlaces } from "./prod/read-prod.ts";
import type { Screen } from "./screen.ts";

/** What every step of the main job works with: the options, the booted cloud and clients of it as anyone has them. */
export interface Run {
  options: MainJobOptions;
  screen: Screen;
  cloud: Cloud;
  buckets: Buckets;
  prod: ProdPlaces;
  features: FeaturePlaces;
  dna: DnaPlaces;
  store: ObjectStore;
  stepFunctions: SFNClient;
  queues: SQSClient;
  dynamo: DynamoDBClient;
  /** ARNs by workflow name. */
  machines: ReadonlyMap<string, string>;
  /** A folder for what is in passing: the input, one downloaded object. Gone at the end. */
  workDirectory: string;
  /** Where the objects stay as files, when they are kept. */
  keptDirectory: string | undefined;
  /** Aborts when the user interrupts; every step that waits looks at it. */
  signal: AbortSignal;
  /** Ends the cloud and removes what was in passing. */
  close(): Promise<void>;
}

/** Where the feature pipeline reads and writes. */
export interface FeaturePlaces {
  /** Bucket of the raw interactions and catalogues. */
  readonly interactions: string;
  /** Bucket of all that the pipeline writes. */
  readonly features: string;
}

const Lake = v.object({
  raw: v.string(),
  curated: v.string(),
  pending: v.string(),
  quarantine: v.string(),
  audit: v.string(),
  artifacts: v.string(),
});

/** Renders the program and boots what it describes. */
export async function openRun(
  options: MainJobOptions,
  screen: Screen,
  root: string,
  { keptDirectory, signal }: Pick<Run, "keptDirectory" | "signal">,
): Promise<Run> {
  const graph = await renderProgram({ root, stage: "local" });
  const cloud = await bootCloud(graph, {
    root,
    // Every one of them is accounted for at the end.
    finishedExecutions: Number.POSITIVE_INFINITY,
    ...(options.timeScale === 1 ? {} : { clock: fastClock(options.timeScale) }),
    ...(keptDirectory === undefined ? {} : { dataDirectory: keptDirectory, keepExecutions: true }),
  });
  const workDirectory = await mkdtemp(join(tmpdir(), "penstock-run-"));
  // Any key pair is the operator's: the local cloud knows only the roles of the program by theirs.
  const connection = {
    endpoint: cloud.endpoint,
    region: graph.region,
    credentials: { accessKeyId: "operator", secretAccessKey: "operator" },
  };
  const s3 = new S3Client({ ...connection, forcePathStyle: true });
  const stepFunctions = new SFNClient(connection);
  const queues = new SQSClient(connection);
  const dynamo = new DynamoDBClient(connection);
  return {
    options,
    screen,
    cloud,
    buckets: bucketsOf(graph),
    prod: prodOf(graph),
    features: featuresOf(graph),
    dna: dnaPlacesOf(graph),
    store: s3ObjectStore(s3),
    stepFunctions,
    queues,
    dynamo,
    machines: new Map(machinesOf(graph).map(({ workflow, arn }) => [workflow, arn])),
    workDirectory,
    keptDirectory,
    signal,
    async close() {
      for (const client of [s3, stepFunctions, queues, dynamo]) client.destroy();
      await cloud.close();
      await rm(workDirectory, { recursive: true, force: true });
    },
  };
}

/** The buckets of the lake, from the link that the program gives to its tasks. */
export function bucketsOf(graph: ResourceGraph): Buckets {
  const task = graph.functions.find(({ links }) => links.Lake !== undefined);
  return v.parse(Lake, task?.links.Lake);
}

const Reports = v.object({ buildsTable: v.string(), buckets: v.record(v.string(), v.string()) });
const Marts = v.object({ marts: v.string() });

/** Where the builds of prod are, from the links of the API and of the task that builds the marts. */
export function prodOf(graph: ResourceGraph): ProdPlaces {
  const linked = (name: string) =>
    graph.functions.find(({ links }) => links[name] !== undefined)?.links[name];
  return { ...v.parse(Reports, linked("Reports")), ...v.parse(Marts, linked("Marts")) };
}

const Features = v.object({ interactions: v.string(), features: v.string() });

/** Where the features are, from the link of the tasks. */
export function featuresOf(graph: ResourceGraph): FeaturePlaces {
  const task = graph.functions.find(({ links }) => links.Features !== undefined);
  return v.parse(Features, task?.links.Features);
}

/** The ARN of a workflow of the program. */
export function machineArn({ machines }: Pick<Run, "machines">, workflow: string): string {
  const arn = machines.get(workflow);
  if (arn === undefined)
    throw new Error(`The program has no state machine ${workflow}; has it been renamed?`);
  return arn;
}
