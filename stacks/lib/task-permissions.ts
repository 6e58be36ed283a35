import type { Definition, Flow, State } from "../../workflows/asl/states.ts";

/** Exact actions on exact ARNs. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** A permission for states whose resource the definition does not tell, declared beside the machine. */
export interface DeclaredPermission extends Permission {
  readonly states: readonly string[];
}

/** Where the machine runs, and its own name: the rest of an ARN that a definition names by table, job or bucket. */
export interface Place {
  readonly region: string;
  readonly account: string;
  readonly machine: string;
}

/** What a task touches does not stand in the definition, and no grant was declared for its state. */
export class UndeclaredResource extends Error {
  override readonly name = "UndeclaredResource";
  constructor(state: string, integration: string) {
    super(
      `What ${integration} touches in state "${state}" is only known when it runs. ` +
        `Declare what it may touch: grants: [{ states: ["${state}"], actions: […], resources: […] }].`,
    );
  }
}

/** A grant was declared for a state that does not exist, or whose resources can all be read from the definition. */
export class NeedlessGrant extends Error {
  override readonly name = "NeedlessGrant";
  constructor(state: string) {
    super(
      `A grant is declared for "${state}", which is no state that touches more than the definition says. Take the grant out.`,
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
  /** What that argument's value asks for. */
  readonly grants: (named: string, place: Place) => readonly Permission[];
  /** It touches more than the argument names: that must be declared for each of its states. */
  readonly more?: true;
}

/** The resource is always computed: all of it is declared. */
const computed: Integration = { grants: () => [] };
const onItself = (argument: string, ...actions: string[]): Integration => ({
  argument,
  grants: (arn) => [{ actions, resources: [arn] }],
});
const table = (action: string): Integration => ({
  argument: "TableName",
  grants: (name, { region, account }) => [
    {
      actions: [`dynamodb:${action}`],
      resources: [name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`],
    },
  ],
});
const glue = (kind: string, argument: string, ...actions: string[]): Integration => ({
  argument,
  grants: (name, { region, account }) => [
    { actions, resources: [`arn:aws:glue:${region}:${account}:${kind}/${name}`] },
  ],
});

/** What each integration needs. Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html */
const integrations: Readonly<Record<string, Integration>> = {
  "lambda:invoke": onItself("FunctionName", "lambda:InvokeFunction"),
  "glue:startJobRun.sync": glue(
    "job",
    "JobName",
    "glue:BatchStopJobRun",
    "glue:GetJobRun",
    "glue:GetJobRuns",
    "glue:StartJobRun",
  ),
  "aws-sdk:glue:startCrawler": glue("crawler", "Name", "glue:StartCrawler"),
  "aws-sdk:glue:getCrawler": glue("crawler", "Name", "glue:GetCrawler"),
  // A query reads data and writes its result with the rights of whoever starts it.
  "athena:startQueryExecution.sync": {
    argument: "WorkGroup",
    grants: (name, { region, account }) => [
      {
        actions: ["athena:GetQueryExecution", "athena:StartQueryExecution", "athena:StopQueryExecution"],
        resources: [`arn:aws:athena:${region}:${account}:workgroup/${name}`],
      },
    ],
    more: true,
  },
  "athena:getQueryResults": computed,
  "dynamodb:getItem": table("GetItem"),
  "dynamodb:putItem": table("PutItem"),
  "dynamodb:updateItem": table("UpdateItem"),
  "dynamodb:deleteItem": table("DeleteItem"),
  "sns:publish": onItself("TopicArn", "sns:Publish"),
  "sqs:sendMessage": {
    argument: "QueueUrl",
    grants: (url, { region }) => {
      const [account, name] = new URL(url).pathname.split("/").slice(1);
      return [{ actions: ["sqs:SendMessage"], resources: [`arn:aws:sqs:${region}:${account}:${name}`] }];
    },
  },
  "states:startExecution": onItself("StateMachineArn", "states:StartExecution"),
  // Step Functions hears of the end by a rule of its own, which the role must be allowed to keep.
  "states:startExecution.sync:2": {
    argument: "StateMachineArn",
    grants: (arn, { region, account }) => [
      { actions: ["states:StartExecution"], resources: [arn] },
      {
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: [`${arn.replace(":stateMachine:", ":execution:")}:*`],
      },
      {
        actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
        resources: [
          `arn:aws:events:${region}:${account}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
        ],
      },
    ],
  },
  "aws-sdk:s3:putObject": computed,
  // A profile passes a request on to models in several regions: which, no argument says.
  "aws-sdk:bedrockruntime:converse": computed,
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
  const add = ({ actions, resources }: Permission) => {
    const key = [...actions].sort().join();
    const arns = byActions.get(key) ?? new Set();
    for (const arn of resources) arns.add(arn);
    byActions.set(key, arns);
  };
  const declare = (name: string, integration: string) => {
    if (!declared.some(({ states }) => states.includes(name)))
      throw new UndeclaredResource(name, integration);
    used.add(name);
  };
  for (const [name, { ItemReader, Label }] of distributedMaps(definition)) {
    for (const permission of onChildren(Label, place)) add(permission);
    const { Bucket, Key } = ItemReader.Arguments;
    if (isComputed(Bucket) || isComputed(Key)) declare(name, "s3:getObject of its ItemReader");
    else add({ actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${Bucket}/${Key}`] });
  }
  for (const [name, state] of tasks(definition)) {
    const service = state.Resource.replace("arn:aws:states:::", "");
    const integration = integrations[service];
    if (integration === undefined) throw new UnknownIntegration(name, state.Resource);
    const named = integration.argument && argument(state.Arguments, integration.argument);
    if (named) {
      for (const permission of integration.grants(named, place)) add(permission);
    }
    if (!named || integration.more) declare(name, service);
  }
  for (const state of declared.flatMap(({ states }) => states))
    if (!used.has(state)) throw new NeedlessGrant(state);
  return [
    ...[...byActions].sort().map(([key, arns]) => ({ actions: key.split(","), resources: [...arns].sort() })),
    ...declared.map(({ actions, resources }) => ({ actions, resources })),
  ];
}

/** Services (`dynamodb`, `sns`…) that a definition's tasks call, and its maps read their items from. */
export function servicesOf(definition: Definition): string[] {
  const called = [
    ...tasks(definition).map(([, { Resource }]) => Resource),
    ...distributedMaps(definition).map(([, { ItemReader }]) => ItemReader.Resource),
  ];
  const names = called.map((Resource) =>
    Resource.replace(/^arn:aws:states:::(aws-sdk:)?/, "")
      .split(":", 1)
      .join(""),
  );
  return [...new Set(names)].sort();
}

type Task = Extract<State<string>, { Type: "Task" }>;
type DistributedMap = Extract<State<string>, { ItemReader: object }>;

function tasks(flow: Flow): [string, Task][] {
  return Object.entries(flow.States).flatMap(([name, state]): [string, Task][] => {
    if (state.Type === "Task") return [[name, state]];
    if (state.Type === "Parallel") return state.Branches.flatMap(tasks);
    if (state.Type === "Map") return tasks(state.ItemProcessor);
    return [];
  });
}

function distributedMaps(flow: Flow): [string, DistributedMap][] {
  return Object.entries(flow.States).flatMap(([name, state]): [string, DistributedMap][] => {
    if (state.Type === "Parallel") return state.Branches.flatMap(distributedMaps);
    if (state.Type !== "Map") return [];
    const inner = distributedMaps(state.ItemProcessor);
    return "ItemReader" in state ? [[name, state], ...inner] : inner;
  });
}

/**
 * A Distributed Map starts its machine anew for each of its children, waits for them, stops them, and redrives them when
 * it is redriven. Source: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
function onChildren(label: string, { region, account, machine }: Place): Permission[] {
  const states = (resource: string) => `arn:aws:states:${region}:${account}:${resource}`;
  return [
    { actions: ["states:StartExecution"], resources: [states(`stateMachine:${machine}`)] },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [states(`execution:${machine}:*`)],
    },
    { actions: ["states:RedriveExecution"], resources: [states(`execution:${machine}/${label}:*`)] },
  ];
}

const isComputed = (value: string): boolean => value.startsWith("{%");

/** An argument that stands in the definition as it is; nothing when it is an expression. */
function argument(given: Task["Arguments"], name: string): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const value = Object.entries(given).find(([key]) => key === name)?.[1];
  return typeof value === "string" && !isComputed(value) ? value : undefined;
}
