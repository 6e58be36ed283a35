import { type ResourceGraph, resourcesOf } from "../render/graph.ts";
import type { Cloud } from "./cloud.ts";
import type { IssuerDescription } from "./http-api/http-apis.ts";
import { Inputs } from "./program/inputs.ts";
import { buckets } from "./program/storage.ts";

/** What a running cloud tells about itself: the same as is written to `.penstock/local.json`. */
export interface CloudDescription {
  readonly app: string;
  readonly stage: string;
  readonly region: string;
  readonly endpoint: string;
  readonly pid: number;
  readonly buckets: readonly string[];
  /** ARNs by logical name. */
  readonly machines: Readonly<Record<string, string>>;
  /** URLs by logical name. */
  readonly queues: Readonly<Record<string, string>>;
  /** ARNs by logical name. */
  readonly topics: Readonly<Record<string, string>>;
  readonly tables: readonly string[];
  /** Names in AWS by logical name. */
  readonly functions: Readonly<Record<string, string>>;
  /** Base URLs of the HTTP APIs by logical name. */
  readonly apis: Readonly<Record<string, string>>;
  /** Where tokens for them are given, by the user pool's logical name. */
  readonly issuers: Readonly<Record<string, IssuerDescription>>;
  /** Base URLs of the distributions by logical name. */
  readonly distributions: Readonly<Record<string, string>>;
  /** Base URL of the stand-in for YouTube's Data API. */
  readonly youtube: string;
  /** What the program's run() returns. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

function byName(graph: ResourceGraph, type: string, property: string): Record<string, string> {
  return Object.fromEntries(
    resourcesOf(graph, type).map((resource) => [resource.name, new Inputs(resource).text(property)]),
  );
}

/** Where it listens beside its endpoint. */
export type Doors = Pick<Cloud, "httpApis" | "outside">;

/** Lists what stands behind an endpoint. */
export function describeCloud(
  graph: ResourceGraph,
  endpoint: string,
  { httpApis: { apis, issuers }, outside: { distributions, youtube } }: Doors,
): CloudDescription {
  return {
    app: graph.app,
    stage: graph.stage,
    region: graph.region,
    endpoint,
    pid: process.pid,
    buckets: buckets(graph).map((bucket) => bucket.name),
    machines: byName(graph, "aws:sfn/stateMachine:StateMachine", "arn"),
    queues: byName(graph, "aws:sqs/queue:Queue", "url"),
    topics: byName(graph, "aws:sns/topic:Topic", "arn"),
    tables: Object.values(byName(graph, "aws:dynamodb/table:Table", "name")),
    functions: Object.fromEntries(graph.functions.map((each) => [each.name, each.functionName])),
    apis,
    issuers,
    distributions,
    youtube,
    outputs: graph.outputs,
  };
}
