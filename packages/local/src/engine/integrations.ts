import { type Fields, isObject } from "./fields.ts";
import type { IntegrationPattern, TaskTarget } from "./resource.ts";

/** One action of an optimised integration, as Step Functions documents it. */
interface Action {
  /** How a task can wait for its answer. */
  readonly patterns: readonly IntegrationPattern[];
  readonly required?: readonly string[];
  /** Every other argument that it takes; absent where any is let through. */
  readonly optional?: readonly string[];
}

const response = ["response"] as const;
const callback = ["response", "callback"] as const;
const job = ["response", "sync"] as const;

const expressionNames = ["ExpressionAttributeNames", "ExpressionAttributeValues"];
const writes = [
  "ConditionExpression",
  "ConditionalOperator",
  "Expected",
  ...expressionNames,
  "ReturnConsumedCapacity",
  "ReturnItemCollectionMetrics",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
];

/** The integrations whose actions are known here one by one; by the names in the `Resource`. */
const actions: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  apigateway: { invoke: { patterns: callback, required: ["ApiEndpoint", "Method"] } },
  athena: {
    getQueryExecution: { patterns: response, required: ["QueryExecutionId"], optional: [] },
    getQueryResults: {
      patterns: response,
      required: ["QueryExecutionId"],
      optional: ["MaxResults", "NextToken", "QueryResultType"],
    },
    startQueryExecution: {
      patterns: job,
      required: ["QueryString"],
      optional: [
        "ClientRequestToken",
        "ExecutionParameters",
        "QueryExecutionContext",
        "ResultConfiguration",
        "ResultReuseConfiguration",
        "WorkGroup",
      ],
    },
    stopQueryExecution: { patterns: response, required: ["QueryExecutionId"], optional: [] },
  },
  dynamodb: {
    deleteItem: { patterns: response, required: ["Key", "TableName"], optional: writes },
    getItem: {
      patterns: response,
      required: ["Key", "TableName"],
      optional: [
        "AttributesToGet",
        "ConsistentRead",
        "ExpressionAttributeNames",
        "ProjectionExpression",
        "ReturnConsumedCapacity",
      ],
    },
    putItem: { patterns: response, required: ["Item", "TableName"], optional: writes },
    updateItem: {
      patterns: response,
      required: ["Key", "TableName"],
      optional: ["AttributeUpdates", "UpdateExpression", ...writes],
    },
  },
  events: { putEvents: { patterns: callback, required: ["Entries"], optional: ["EndpointId"] } },
  glue: {
    startJobRun: {
      patterns: job,
      required: ["JobName"],
      optional: [
        "AllocatedCapacity",
        "Arguments",
        "ExecutionClass",
        "JobRunId",
        "JobRunQueuingEnabled",
        "MaxCapacity",
        "NotificationProperty",
        "NumberOfWorkers",
        "SecurityConfiguration",
        "Timeout",
        "WorkerType",
      ],
    },
  },
  http: { invoke: { patterns: response, required: ["ApiEndpoint", "Method"] } },
  lambda: {
    invoke: {
      patterns: callback,
      required: ["FunctionName"],
      optional: ["ClientContext", "InvocationType", "LogType", "Payload", "Qualifier"],
    },
  },
  sns: {
    publish: {
      patterns: callback,
      required: ["Message"],
      optional: [
        "MessageAttributes",
        "MessageDeduplicationId",
        "MessageGroupId",
        "MessageStructure",
        "PhoneNumber",
        "Subject",
        "TargetArn",
        "TopicArn",
      ],
    },
  },
  sqs: {
    sendMessage: {
      patterns: callback,
      required: ["MessageBody", "QueueUrl"],
      optional: [
        "DelaySeconds",
        "MessageAttributes",
        "MessageDeduplicationId",
        "MessageGroupId",
        "MessageSystemAttributes",
      ],
    },
  },
  states: {
    startExecution: {
      patterns: ["response", "sync", "sync2", "callback"],
      required: ["StateMachineArn"],
      optional: ["Input", "Name", "TraceHeader"],
    },
  },
};

/** Optimised integrations of AWS that nothing runs here: let through with whatever action, and fail when called. */
const others: ReadonlySet<string> = new Set([
  "batch",
  "bedrock",
  "codebuild",
  "databrew",
  "ecs",
  "eks",
  "elasticmapreduce",
  "emr-containers",
  "emr-serverless",
  "mediaconvert",
  "sagemaker",
]);

/** Whether AWS has an integration of this name that waits in this way. */
export function isIntegration(target: TaskTarget): boolean {
  if (target.kind === "lambda") return true;
  const { service, action, pattern } = target;
  if (target.sdk) return /^[a-z]/.test(action) && (pattern === "response" || pattern === "callback");
  if (others.has(service)) return pattern !== "sync2";
  const known = Object.hasOwn(actions, service) ? actions[service] : undefined;
  return (
    known !== undefined && Object.hasOwn(known, action) && known[action]?.patterns.includes(pattern) === true
  );
}

/** Notes arguments that an optimised integration needs and lacks, or does not take; those of an expression are seen later. */
export function checkArguments(target: TaskTarget, fields: Fields): void {
  if (target.kind === "lambda" || target.sdk || !isObject(fields.value.Arguments)) return;
  const known = actions[target.service]?.[target.action];
  const given = fields.object("Arguments");
  if (known === undefined || given === undefined) return;
  const { required = [], optional } = known;
  for (const name of required) {
    if (!given.has(name)) given.note(`The field '${name}' is required but was missing`);
  }
  for (const name of optional === undefined ? [] : Object.keys(given.value)) {
    if (!required.includes(name) && !optional?.includes(name))
      given.note(`The field '${name}' is not supported by Step Functions`, name);
  }
}
