import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
import { type RenderedResource, type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

export interface WantedBucket {
  readonly name: string;
  /** Whether its changes go to EventBridge: only where the program has a notification that says so. */
  readonly notifies: boolean;
}

/** The program's buckets. */
export function buckets(graph: ResourceGraph): WantedBucket[] {
  const notifying = new Set(
    resourcesOf(graph, "aws:s3/bucketNotification:BucketNotification")
      .map((resource) => new Inputs(resource))
      .filter((inputs) => inputs.flag("eventbridge"))
      .map((inputs) => inputs.text("bucket")),
  );
  return ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"]
    .flatMap((type) => resourcesOf(graph, type))
    .map((resource) => new Inputs(resource).text("bucket"))
    .map((name) => ({ name, notifies: notifying.has(name) }));
}

function attributeType(type: string): "S" | "N" | "B" {
  return type === "N" || type === "B" ? type : "S";
}

function keySchema(hash: string, range: string | undefined): KeySchemaElement[] {
  const keys: KeySchemaElement[] = [{ AttributeName: hash, KeyType: "HASH" }];
  if (range !== undefined) keys.push({ AttributeName: range, KeyType: "RANGE" });
  return keys;
}

/** An index; a local one has the table's own hash key. */
function index(inputs: Inputs, hashKey: string): GlobalSecondaryIndex {
  const attributes = inputs.texts("nonKeyAttributes");
  const type = inputs.optionalText("projectionType");
  return {
    IndexName: inputs.text("name"),
    KeySchema: keySchema(hashKey, inputs.optionalText("rangeKey")),
    Projection: {
      ProjectionType: type === "KEYS_ONLY" || type === "INCLUDE" ? type : "ALL",
      ...(attributes.length === 0 ? {} : { NonKeyAttributes: attributes }),
    },
  };
}

function table(resource: RenderedResource): CreateTableCommandInput {
  const inputs = new Inputs(resource);
  const globals = inputs.parts("globalSecondaryIndexes").map((each) => index(each, each.text("hashKey")));
  const locals = inputs.parts("localSecondaryIndexes").map((each) => index(each, inputs.text("hashKey")));
  return {
    TableName: inputs.text("name"),
    AttributeDefinitions: inputs.parts("attributes").map((attribute) => ({
      AttributeName: attribute.text("name"),
      AttributeType: attributeType(attribute.text("type")),
    })),
    KeySchema: keySchema(inputs.text("hashKey"), inputs.optionalText("rangeKey")),
    ...(globals.length === 0 ? {} : { GlobalSecondaryIndexes: globals }),
    ...(locals.length === 0 ? {} : { LocalSecondaryIndexes: locals }),
    BillingMode: "PAY_PER_REQUEST",
  };
}

/** The program's tables, as CreateTable takes them. */
export function tables(graph: ResourceGraph): CreateTableCommandInput[] {
  return resourcesOf(graph, "aws:dynamodb/table:Table").map(table);
}
