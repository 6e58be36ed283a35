import { type Fields, isObject } from "./fields.ts";
import type { IntegrationPattern, TaskTarget } from "./resource.ts";

/** One action of an optimised integration, as Step Functions documents it. */
interface Action {
  /** How a task can wait for its answer. */
  readonly patterns: readonly IntegrationPattern[];
  readonly required?: readonly string[];
  /** Every other argument that it takes; absent where any is let through. */
  readonly optional?: readonly string[];
  /** Arguments that are objects of lists of texts. */
  readonly lists?: readonly string[];
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
  apigateway: {
    invoke: {
      patterns: callback,
      required: ["ApiEndpoint", "Method"],
      lists: ["Headers", "QueryParameters"],
    },
  },
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

/**
 * What is wrong with the arguments of an optimised integration, each with the argument's name: absent, not taken, or
 * (once they are evaluated) of another form than the integration takes.
 */
function wrongArguments(
  target: TaskTarget,
  given: unknown,
  evaluated: boolean,
): [string | undefined, string][] {
  if (target.kind === "lambda" || target.sdk || !isObject(given)) return [];
  const known = actions[target.service]?.[target.action];
  if (known === undefined) return [];
  const { required = [], optional, lists = [] } = known;
  const missing = required.filter((name) => given[name] === undefined);
  const foreign =
    optional === undefined
      ? []
      : Object.keys(given).filter((name) => !required.includes(name) && !optional.includes(name));
  const malformed = evaluated ? lists.filter((name) => name in given && !isLists(given[name])) : [];
  return [
    ...missing.map((name): [undefined, string] => [
      undefined,
      `The field '${name}' is required but was missing`,
    ]),
    ...foreign.map((name): [string, string] => [
      name,
      `The field '${name}' is not supported by Step Functions`,
    ]),
    ...malformed.map((name): [string, string] => [
      name,
      `The value of the field '${name}' has an invalid format`,
    ]),
  ];
}

function isLists(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Array.isArray);
}

/** Notes what is wrong with arguments that stand in the definition. Those of an expression are seen when it runs. */
export function checkArguments(target: TaskTarget, fields: Fields): void {
  for (const [name, problem] of wrongArguments(target, fields.value.Arguments, false)) {
    fields.note(problem, name === undefined ? "Arguments" : `Arguments/${name}`);
  }
}

/** Why a task cannot be started with these arguments, in AWS's words; undefined when it can. */
export function argumentProblem(target: TaskTarget, given: unknown): string | undefined {
  const wrong = wrongArguments(target, given, true).map(([, problem]) => problem);
  if (wrong.length === 0) return undefined;
  return `The Parameters '${JSON.stringify(given)}' could not be used to start the Task: [${wrong.join(", ")}]`;
}
