import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "../program/inputs.ts";
import { type PolicyDocument, type PolicyStatement, parsePolicy } from "./policy-document.ts";

/** The policies that resources have themselves, by the resource's ARN: buckets, queues, topics, keys, functions. */
export function resourcePolicies(graph: ResourceGraph): Map<string, PolicyDocument> {
  const found: [string, PolicyDocument][] = [];
  const add = (arn: string, policy: unknown) => {
    if (policy !== undefined && policy !== null) found.push([arn, parsePolicy(policy, arn)]);
  };
  const each = (type: string) => resourcesOf(graph, type).map((resource) => new Inputs(resource));

  for (const inputs of each("aws:s3/bucketPolicy:BucketPolicy")) {
    add(`arn:aws:s3:::${inputs.text("bucket")}`, inputs.json("policy"));
  }
  for (const inputs of each("aws:sqs/queue:Queue")) add(inputs.text("arn"), inputs.json("policy"));
  for (const inputs of each("aws:sqs/queuePolicy:QueuePolicy")) {
    add(queueArn(inputs.text("queueUrl")), inputs.json("policy"));
  }
  for (const inputs of each("aws:sns/topic:Topic")) add(inputs.text("arn"), inputs.json("policy"));
  for (const inputs of each("aws:sns/topicPolicy:TopicPolicy"))
    add(inputs.text("arn"), inputs.json("policy"));
  for (const inputs of each("aws:cloudwatch/eventBusPolicy:EventBusPolicy")) {
    const bus = inputs.optionalText("eventBusName") ?? "default";
    add(`arn:aws:events:${graph.region}:${graph.account}:event-bus/${bus}`, inputs.json("policy"));
  }
  for (const inputs of each("aws:kms/key:Key")) {
    add(inputs.text("arn"), inputs.json("policy") ?? defaultKeyPolicy(graph.account));
  }
  for (const [arn, statements] of invocations(graph))
    add(arn, { Version: "2012-10-17", Statement: statements });
  return new Map(found);
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` → the queue's ARN. */
export function queueArn(url: string): string {
  const { hostname, pathname } = new URL(url);
  const [account, name] = pathname.split("/").slice(1);
  return `arn:aws:sqs:${hostname.split(".")[1]}:${account}:${name}`;
}

/** What a key is born with when the program gives it no policy: the account's IAM policies decide. */
function defaultKeyPolicy(account: string): unknown {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  };
}

/** `aws.lambda.Permission`s as the statements that Lambda makes of them, by the function's ARN. */
function invocations(graph: ResourceGraph): Map<string, PolicyStatement[]> {
  const byFunction = new Map<string, PolicyStatement[]>();
  for (const resource of resourcesOf(graph, "aws:lambda/permission:Permission")) {
    const inputs = new Inputs(resource);
    const name = inputs
      .text("function")
      .replace(/^.*:function:/, "")
      .split(":", 1)
      .join();
    const arn = `arn:aws:lambda:${graph.region}:${graph.account}:function:${name}`;
    const qualifier = inputs.optionalText("qualifier");
    const principal = inputs.text("principal");
    const [sourceArn, sourceAccount] = [
      inputs.optionalText("sourceArn"),
      inputs.optionalText("sourceAccount"),
    ];
    const statement: PolicyStatement = {
      Sid: inputs.optionalText("statementId") ?? resource.name,
      Effect: "Allow",
      Principal: principal.endsWith(".amazonaws.com") ? { Service: principal } : { AWS: principal },
      Action: inputs.text("action"),
      Resource: qualifier === undefined ? arn : `${arn}:${qualifier}`,
      Condition: {
        ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
        ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
      },
    };
    byFunction.set(arn, [...(byFunction.get(arn) ?? []), statement]);
  }
  return byFunction;
}

/** The ARN by whose policy a demand is judged: the bucket's for an object, the function's for its versions. */
export function policyHolder(resource: string): string {
  if (resource.startsWith("arn:aws:s3:::")) return resource.split("/", 1).join();
  if (resource.includes(":function:")) return resource.split(":").slice(0, 7).join(":");
  return resource;
}
