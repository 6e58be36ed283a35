import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "../program/inputs.ts";

/**
 * The customer-managed key that seals a resource, by the resource's ARN: buckets by their default encryption, queues,
 * topics, tables, data streams. Keys of AWS's own (`alias/aws/sqs`) admit every caller that the service admits: nothing to check.
 */
export function encryptionKeys(graph: ResourceGraph): Map<string, string> {
  const each = (type: string) => resourcesOf(graph, type).map((resource) => new Inputs(resource));
  const keys = new Map<string, string>();
  for (const key of each("aws:kms/key:Key")) {
    for (const name of [key.text("arn"), key.optionalText("keyId")]) {
      if (name !== undefined) keys.set(name, key.text("arn"));
    }
  }
  for (const alias of each("aws:kms/alias:Alias")) {
    const target = keys.get(alias.text("targetKeyId"));
    if (target !== undefined) keys.set(alias.text("name"), target);
  }
  const sealed = new Map<string, string>();
  const seal = (arn: string, key: string | undefined) => {
    const found = key === undefined ? undefined : keys.get(key);
    if (found !== undefined) sealed.set(arn, found);
  };
  const bucketEncryption =
    /^aws:s3\/bucketServerSideEncryptionConfiguration(V2)?:BucketServerSideEncryptionConfiguration(V2)?$/;
  for (const resource of graph.resources.filter(({ type }) => bucketEncryption.test(type))) {
    const inputs = new Inputs(resource);
    for (const rule of inputs.parts("rules")) {
      const byDefault = rule.part("applyServerSideEncryptionByDefault");
      seal(`arn:aws:s3:::${inputs.text("bucket")}`, byDefault?.optionalText("kmsMasterKeyId"));
    }
  }
  for (const queue of each("aws:sqs/queue:Queue")) {
    seal(queue.text("arn"), queue.optionalText("kmsMasterKeyId"));
  }
  for (const stream of each("aws:kinesis/stream:Stream")) {
    seal(stream.text("arn"), stream.optionalText("kmsKeyId"));
  }
  for (const topic of each("aws:sns/topic:Topic")) {
    seal(topic.text("arn"), topic.optionalText("kmsMasterKeyId"));
  }
  for (const table of each("aws:dynamodb/table:Table")) {
    const arn = `arn:aws:dynamodb:${graph.region}:${graph.account}:table/${table.text("name")}`;
    seal(arn, table.part("serverSideEncryption")?.optionalText("kmsKeyArn"));
  }
  return sealed;
}
