import { fileURLToPath } from "node:url";
import type {
  RenderedFunction,
  RenderedResource,
  ResourceGraph,
} from "../../packages/local/src/render/graph.ts";

/** The folder that the test functions' handlers start from. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const ACCOUNT = "000000000000";

/** A resource as the renderer gives it. */
export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  state: Record<string, unknown> = {},
): RenderedResource {
  return { type, name, inputs, id: name, state: { ...inputs, ...state }, ignoreChanges: [] };
}

export const bucket = (name: string) => resource("aws:s3/bucket:Bucket", name, { bucket: name });

export const notifying = (bucketName: string) =>
  resource("aws:s3/bucketNotification:BucketNotification", `${bucketName}-notification`, {
    bucket: bucketName,
    eventbridge: true,
  });

export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
export const queueUrl = (name: string) => `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/${name}`;
export const topicArn = (name: string) => `arn:aws:sns:us-east-1:${ACCOUNT}:${name}`;
export const machineArn = (name: string) => `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${name}`;
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;

/** A resource's own policy that lets EventBridge deliver to it. */
const admitsEvents = (Action: string, Resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource }],
  });

export const queue = (name: string, inputs: Record<string, unknown> = {}) =>
  resource(
    "aws:sqs/queue:Queue",
    name,
    { name, policy: admitsEvents("sqs:SendMessage", queueArn(name)), ...inputs },
    { arn: queueArn(name), url: queueUrl(name) },
  );

export const topic = (name: string, inputs: Record<string, unknown> = {}) =>
  resource(
    "aws:sns/topic:Topic",
    name,
    { name, policy: admitsEvents("sns:Publish", topicArn(name)), ...inputs },
    { arn: topicArn(name) },
  );

export const table = (name: string, inputs: Record<string, unknown> = {}) =>
  resource("aws:dynamodb/table:Table", name, {
    name,
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    ...inputs,
  });

export const machine = (name: string, definition: object, type = "STANDARD") =>
  resource(
    "aws:sfn/stateMachine:StateMachine",
    name,
    {
      name,
      type,
      definition: JSON.stringify({ QueryLanguage: "JSONata", ...definition }),
      roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}-role`,
    },
    { arn: machineArn(name) },
  );

/** A rule with its one target, which a role of its own starts where it is a state machine. */
export function rule(name: string, pattern: object, target: Record<string, unknown>): RenderedResource[] {
  return [
    resource(
      "aws:cloudwatch/eventRule:EventRule",
      name,
      { name, eventPattern: JSON.stringify(pattern) },
      { arn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/${name}` },
    ),
    resource("aws:cloudwatch/eventTarget:EventTarget", `${name}-target`, {
      rule: name,
      ...(String(target.arn).includes(":states:")
        ? { roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}-rule-role` }
        : {}),
      ...target,
    }),
  ];
}

/** A function of test/local/functions/sample.ts. */
export function lambda(
  name: string,
  handler: string,
  settings: Partial<RenderedFunction> = {},
): RenderedFunction {
  return {
    name,
    functionName: name,
    arn: functionArn(name),
    role: `arn:aws:iam::${ACCOUNT}:role/${name}-role`,
    handler: `test/local/functions/sample.${handler}`,
    links: {},
    environment: {},
    memoryMb: 512,
    timeoutSeconds: 30,
    storageMb: 512,
    install: [],
    external: [],
    ...settings,
  };
}

/** A role with one inline policy. */
export const role = (name: string, statements: object[]) =>
  resource(
    "aws:iam/role:Role",
    name,
    {
      name,
      inlinePolicies: [
        { name: "grants", policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
      ],
    },
    { arn: `arn:aws:iam::${ACCOUNT}:role/${name}` },
  );

/** Every role that anything here takes on and that is not given itself: it may do everything. */
function generousRoles(resources: readonly RenderedResource[], functions: readonly RenderedFunction[]) {
  const given = new Set(resources.map(({ state }) => state.arn));
  const text = JSON.stringify([resources, functions]);
  const taken = new Set(text.match(/arn:aws:iam::\d+:role\/[\w-]+/g));
  return [...taken]
    .filter((arn) => !given.has(arn))
    .map((arn) =>
      role(arn.slice(arn.lastIndexOf("/") + 1), [{ Effect: "Allow", Action: "*", Resource: "*" }]),
    );
}

/** Lets EventBridge invoke a function, unless something is said of who may. */
function invokable(resources: readonly RenderedResource[], { functionName }: RenderedFunction) {
  const type = "aws:lambda/permission:Permission";
  if (resources.some((each) => each.type === type && each.inputs.function === functionName)) return [];
  const inputs = {
    function: functionName,
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
  };
  return [resource(type, `${functionName}-events`, inputs)];
}

export function graphOf(given: RenderedResource[], functions: RenderedFunction[] = []): ResourceGraph {
  const invocations = functions.flatMap((each) => invokable(given, each));
  const resources = [...given, ...invocations, ...generousRoles(given, functions)];
  return {
    app: "sample",
    stage: "test",
    region: "us-east-1",
    account: ACCOUNT,
    resources,
    functions,
    outputs: {},
  };
}
