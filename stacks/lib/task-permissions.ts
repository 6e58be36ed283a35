import type { Definition, Flow, State } from "../../workflows/asl/states.ts";

/** Exact actions on exact ARNs. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** A permission for one state whose resource is only computed when it runs, declared beside the machine. */
export interface DeclaredPermission extends Permission {
  readonly state: string;
}

/** Where the machine runs: the rest of an ARN that a definition names by table, job or bucket. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

/** A task's resource is an expression, so that no policy can be written for it, and no grant was declared for the state. */
export class UndeclaredResource extends Error {
  override readonly name = "UndeclaredResource";
  constructor(state: string, integration: string) {
    super(
      `State "${state}" computes the resource of ${integration} when it runs. ` +
        `Declare what it may touch: grants: [{ state: "${state}", actions: […], resources: […] }].`,
    );
  }
}

/** A grant was declared for a state that does not exist, or whose resource can be read from the definition. */
export class NeedlessGrant extends Error {
  override readonly name = "NeedlessGrant";
  constructor(state: string) {
    super(
      `A grant is declared for "${state}", which is no state that computes its resource. Take the grant out.`,
    );
  }
}

/** A task calls something for which no permission is written down yet. */
export class UnknownIntegration extends Error {
  override readonly name = "UnknownIntegration";
  constructor(state: string, resource: string) {
    super(`State "${state}" calls ${resource}; add its permission to stacks/lib/task-permissions.ts.`);
  }
}

interface Integration {
  /** The argument that names the resource. Without it the resource is always computed. */
  readonly argument?: string;
  readonly actions: readonly string[];
  /** From the argument to ARNs. */
  readonly arns: (named: string, place: Place) => readonly string[];
}

const itself = (arn: string): readonly string[] => [arn];
const table = (action: string): Integration => ({
  argument: "TableName",
  actions: [`dynamodb:${action}`],
  arns: (name, { region, account }) => [
    name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  ],
});

/** What each integration needs. Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html */
const integrations: Readonly<Record<string, Integration>> = {
  "lambda:invoke": { argument: "FunctionName", actions: ["lambda:InvokeFunction"], arns: itself },
  "glue:startJobRun.sync": {
    argument: "JobName",
    actions: ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"],
    arns: (name, { region, account }) => [`arn:aws:glue:${region}:${account}:job/${name}`],
  },
  "dynamodb:getItem": table("GetItem"),
  "dynamodb:putItem": table("PutItem"),
  "dynamodb:updateItem": table("UpdateItem"),
  "dynamodb:deleteItem": table("DeleteItem"),
  "sns:publish": { argument: "TopicArn", actions: ["sns:Publish"], arns: itself },
  "sqs:sendMessage": {
    argument: "QueueUrl",
    actions: ["sqs:SendMessage"],
    arns: (url, { region }) => {
      const [account, name] = new URL(url).pathname.split("/").slice(1);
      return [`arn:aws:sqs:${region}:${account}:${name}`];
    },
  },
  "states:startExecution": { argument: "StateMachineArn", actions: ["states:StartExecution"], arns: itself },
  "aws-sdk:s3:putObject": { actions: ["s3:PutObject"], arns: itself },
  "aws-sdk:sfn:describeExecution": { actions: ["states:DescribeExecution"], arns: itself },
};

/**
 * What a definition's tasks need, one permission per integration used, in a stable order. Walks the branches of
 * Parallel and Map too.
 *
 * @throws {UndeclaredResource | NeedlessGrant | UnknownIntegration} naming the state
 */
export function permissionsOf(
  definition: Definition,
  declared: readonly DeclaredPermission[],
  place: Place,
): Permission[] {
  const byActions = new Map<string, Set<string>>();
  const used = new Set<string>();
  for (const [name, state] of tasks(definition)) {
    const service = state.Resource.replace("arn:aws:states:::", "");
    const integration = integrations[service];
    if (integration === undefined) throw new UnknownIntegration(name, state.Resource);
    const named = integration.argument && argument(state.Arguments, integration.argument);
    if (named) {
      const key = [...integration.actions].sort().join();
      const arns = byActions.get(key) ?? new Set();
      for (const arn of integration.arns(named, place)) arns.add(arn);
      byActions.set(key, arns);
      continue;
    }
    if (!declared.some((grant) => grant.state === name)) throw new UndeclaredResource(name, service);
    used.add(name);
  }
  for (const { state } of declared) if (!used.has(state)) throw new NeedlessGrant(state);
  return [
    ...[...byActions].sort().map(([key, arns]) => ({ actions: key.split(","), resources: [...arns].sort() })),
    ...declared.map(({ actions, resources }) => ({ actions, resources })),
  ];
}

/** Services (`dynamodb`, `sns`…) that a definition's tasks call. */
export function servicesOf(definition: Definition): string[] {
  const names = tasks(definition).map(([, { Resource }]) =>
    Resource.replace(/^arn:aws:states:::(aws-sdk:)?/, "")
      .split(":", 1)
      .join(""),
  );
  return [...new Set(names)].sort();
}

type Task = Extract<State<string>, { Type: "Task" }>;

function tasks(flow: Flow): [string, Task][] {
  return Object.entries(flow.States).flatMap(([name, state]): [string, Task][] => {
    if (state.Type === "Task") return [[name, state]];
    if (state.Type === "Parallel") return state.Branches.flatMap(tasks);
    if (state.Type === "Map") return tasks(state.ItemProcessor);
    return [];
  });
}

/** An argument that stands in the definition as it is; nothing when it is an expression. */
function argument(given: Task["Arguments"], name: string): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const value = Object.entries(given).find(([key]) => key === name)?.[1];
  return typeof value === "string" && !value.startsWith("{%") ? value : undefined;
}
