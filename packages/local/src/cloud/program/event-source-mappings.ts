import { type RenderedResource, type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

/** A queue of the program whose messages Lambda hands to a function. */
export interface WantedMapping {
  readonly name: string;
  readonly queueArn: string;
  /** Name or ARN. */
  readonly functionName: string;
  /** Most messages of one event. */
  readonly batchSize: number;
  /** Most events that are at work at the same time; undefined where the program sets no bound. */
  readonly mostAtOnce: number | undefined;
  /** Whether the function's answer may name the messages that are to come again; else it is all of them or none. */
  readonly partial: boolean;
}

/** A mapping that AWS would refuse, or that does something which the local cloud does not do. */
export class UnsupportedMapping extends Error {
  override readonly name = "UnsupportedMapping";
  constructor(name: string, why: string) {
    super(`The event source mapping "${name}" cannot be run here: ${why}`);
  }
}

/** Without a batch window Lambda takes no more. Source: AWS Lambda API, CreateEventSourceMapping, BatchSize */
const MOST_MESSAGES = 10;
/** Source: the same page, ScalingConfig. */
const AT_ONCE = { least: 2, most: 1000 };

/** The program's mappings that are enabled. @throws {UnsupportedMapping} */
export function eventSourceMappings(graph: ResourceGraph): WantedMapping[] {
  return resourcesOf(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter((resource) => new Inputs(resource).optionalFlag("enabled") !== false)
    .map(mapping);
}

function mapping(resource: RenderedResource): WantedMapping {
  const inputs = new Inputs(resource);
  const refuse = (why: string): never => {
    throw new UnsupportedMapping(resource.name, why);
  };
  const queueArn = inputs.optionalText("eventSourceArn") ?? "";
  if (queueArn.split(":")[2] !== "sqs") return refuse("only a queue of SQS is a source here.");
  if (queueArn.endsWith(".fifo")) return refuse("FIFO queues keep an order that is not kept here.");
  for (const property of ["filterCriteria", "provisionedPollerConfig", "destinationConfig"]) {
    if (inputs.part(property) !== undefined) return refuse(`${property} is not implemented.`);
  }
  if ((inputs.optionalNumber("maximumBatchingWindowInSeconds") ?? 0) > 0)
    return refuse("maximumBatchingWindowInSeconds is not implemented.");
  const batchSize = inputs.optionalNumber("batchSize") ?? MOST_MESSAGES;
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > MOST_MESSAGES)
    return refuse(`batchSize is 1 to ${MOST_MESSAGES} where there is no batch window.`);
  const mostAtOnce = inputs.part("scalingConfig")?.optionalNumber("maximumConcurrency");
  if (mostAtOnce !== undefined && (mostAtOnce < AT_ONCE.least || mostAtOnce > AT_ONCE.most))
    return refuse(`maximumConcurrency is ${AT_ONCE.least} to ${AT_ONCE.most}.`);
  const reports = inputs.texts("functionResponseTypes");
  const unknown = reports.find((type) => type !== "ReportBatchItemFailures");
  if (unknown !== undefined) return refuse(`functionResponseTypes has "${unknown}".`);
  return {
    name: resource.name,
    queueArn,
    functionName: inputs.text("functionName"),
    batchSize,
    mostAtOnce,
    partial: reports.length > 0,
  };
}
