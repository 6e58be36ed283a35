import { describe, expect, it } from "vitest";
import { permissionsOf, servicesOf } from "../../stacks/lib/task-permissions.ts";
import { define, flow } from "../../workflows/asl/define.ts";
import type { Template } from "../../workflows/asl/states.ts";

const place = { region: "us-east-1", account: "000000000000", machine: "m" };
const task = (service: string, args: Template) =>
  ({
    Type: "Task",
    Resource: `arn:aws:states:::${service}`,
    Arguments: args,
    TimeoutSeconds: 60,
    Retry: [],
    End: true,
  }) as const;
const machine = (service: string, args: Template) =>
  define({ comment: "", timeoutSeconds: 60, startAt: "Do" }, { Do: task(service, args) });
const fn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

describe("what a definition's role may do", () => {
  it.each([
    ["lambda:invoke", { FunctionName: fn("F") }, ["lambda:InvokeFunction"], fn("F")],
    [
      "dynamodb:putItem",
      { TableName: "Runs" },
      ["dynamodb:PutItem"],
      "arn:aws:dynamodb:us-east-1:000000000000:table/Runs",
    ],
    [
      "sns:publish",
      { TopicArn: "arn:aws:sns:us-east-1:000000000000:t" },
      ["sns:Publish"],
      "arn:aws:sns:us-east-1:000000000000:t",
    ],
    [
      "sqs:sendMessage",
      { QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/q" },
      ["sqs:SendMessage"],
      "arn:aws:sqs:us-east-1:000000000000:q",
    ],
    [
      "glue:startJobRun.sync",
      { JobName: "j" },
      ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"],
      "arn:aws:glue:us-east-1:000000000000:job/j",
    ],
    [
      "states:startExecution",
      { StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" },
      ["states:StartExecution"],
      "arn:aws:states:us-east-1:000000000000:stateMachine:m",
    ],
    [
      "aws-sdk:glue:startCrawler",
      { Name: "c" },
      ["glue:StartCrawler"],
      "arn:aws:glue:us-east-1:000000000000:crawler/c",
    ],
  ])("%s: its actions on its resource", (service, args, actions, arn) => {
    expect(permissionsOf(machine(service, args), [], place)).toEqual([{ actions, resources: [arn] }]);
  });

  it("a machine that waits for another: to start it, to look at and stop its executions, to keep the rule that tells of them", () => {
    const wait = machine("states:startExecution.sync:2", {
      StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m",
    });

    expect(permissionsOf(wait, [], place)).toEqual([
      {
        actions: ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
        resources: [
          "arn:aws:events:us-east-1:000000000000:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
        ],
      },
      {
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: ["arn:aws:states:us-east-1:000000000000:execution:m:*"],
      },
      {
        actions: ["states:StartExecution"],
        resources: ["arn:aws:states:us-east-1:000000000000:stateMachine:m"],
      },
    ]);
  });

  it("a query: what its workgroup asks for, and what it reads as declared", () => {
    const query = machine("athena:startQueryExecution.sync", { WorkGroup: "w", QueryString: "{% $sql %}" });
    const data = { states: ["Do"], actions: ["s3:GetObject"], resources: ["arn:aws:s3:::box/*"] };

    expect(permissionsOf(query, [data], place)).toEqual([
      {
        actions: ["athena:GetQueryExecution", "athena:StartQueryExecution", "athena:StopQueryExecution"],
        resources: ["arn:aws:athena:us-east-1:000000000000:workgroup/w"],
      },
      { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::box/*"] },
    ]);
    expect(() => permissionsOf(query, [], place)).toThrow(
      expect.objectContaining({ name: "UndeclaredResource" }),
    );
  });

  it("covers the tasks inside of Parallel and Map, each resource once", () => {
    const definition = define(
      { comment: "", timeoutSeconds: 60, startAt: "Both" },
      {
        Both: {
          Type: "Parallel",
          Branches: [
            flow("A", { A: task("lambda:invoke", { FunctionName: fn("A") }) }),
            flow("B", { B: task("lambda:invoke", { FunctionName: fn("B") }) }),
          ],
          Next: "Each",
        },
        Each: {
          Type: "Map",
          Items: [1],
          MaxConcurrency: 1,
          ItemProcessor: flow("A2", { A2: task("lambda:invoke", { FunctionName: fn("A") }) }),
          End: true,
        },
      },
    );

    expect(permissionsOf(definition, [], place)).toEqual([
      { actions: ["lambda:InvokeFunction"], resources: [fn("A"), fn("B")] },
    ]);
    expect(servicesOf(definition)).toEqual(["lambda"]);
  });

  describe("of a Distributed Map", () => {
    const map = (Key: string) =>
      define(
        { comment: "", timeoutSeconds: 60, startAt: "Each" },
        {
          Each: {
            Type: "Map",
            Label: "Each",
            ItemReader: {
              Resource: "arn:aws:states:::s3:getObject",
              ReaderConfig: { InputType: "JSON" },
              Arguments: { Bucket: "box", Key },
            },
            ItemBatcher: { MaxItemsPerBatch: 10, BatchInput: {} },
            MaxConcurrency: 5,
            ItemProcessor: {
              ...flow("A", { A: task("lambda:invoke", { FunctionName: fn("A") }) }),
              ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            },
            End: true,
          },
        },
      );
    const onChildren = [
      { actions: ["lambda:InvokeFunction"], resources: [fn("A")] },
      {
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: ["arn:aws:states:us-east-1:000000000000:execution:m:*"],
      },
      {
        actions: ["states:RedriveExecution"],
        resources: ["arn:aws:states:us-east-1:000000000000:execution:m/Each:*"],
      },
      {
        actions: ["states:StartExecution"],
        resources: ["arn:aws:states:us-east-1:000000000000:stateMachine:m"],
      },
    ];

    it("what its children's tasks need, to start, watch, stop and redrive children, to read its items", () => {
      const [invoke, ...others] = onChildren;

      expect(permissionsOf(map("items.json"), [], place)).toEqual([
        invoke,
        { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::box/items.json"] },
        ...others,
      ]);
      expect(servicesOf(map("items.json"))).toEqual(["lambda", "s3"]);
    });

    it("where its items are is declared when it is computed", () => {
      const grant = { states: ["Each"], actions: ["s3:GetObject"], resources: ["arn:aws:s3:::box/lists/*"] };

      expect(permissionsOf(map("{% $key %}"), [grant], place)).toEqual([
        ...onChildren,
        { actions: grant.actions, resources: grant.resources },
      ]);
      expect(() => permissionsOf(map("{% $key %}"), [], place)).toThrow(
        expect.objectContaining({ name: "UndeclaredResource", message: expect.stringContaining('"Each"') }),
      );
    });
  });

  it("takes a declared grant for a resource that is computed at run time", () => {
    const put = machine("aws-sdk:s3:putObject", { Bucket: "{% $b %}", Key: "{% $k %}", Body: "" });
    const grant = { states: ["Do"], actions: ["s3:PutObject"], resources: ["arn:aws:s3:::box/files/*"] };

    expect(permissionsOf(put, [grant], place)).toEqual([
      { actions: ["s3:PutObject"], resources: ["arn:aws:s3:::box/files/*"] },
    ]);
    expect(servicesOf(put)).toEqual(["s3"]);
  });
});

it("to ask a model by way of the AWS SDK is declared: a profile passes on to models that no argument names", () => {
  const ask = machine("aws-sdk:bedrockruntime:converse", { ModelId: "us.amazon.nova-pro-v1:0" });
  const grant = { states: ["Do"], actions: ["bedrock:InvokeModel"], resources: ["arn:aws:bedrock:::m"] };

  expect(permissionsOf(ask, [grant], place)).toEqual([
    { actions: ["bedrock:InvokeModel"], resources: ["arn:aws:bedrock:::m"] },
  ]);
  expect(() => permissionsOf(ask, [], place)).toThrow(
    expect.objectContaining({ name: "UndeclaredResource" }),
  );
});

describe("a definition is refused", () => {
  it("that computes a resource for which nothing is declared, with the state and what to declare", () => {
    const put = machine("aws-sdk:s3:putObject", { Bucket: "{% $b %}", Key: "k", Body: "" });
    expect(() => permissionsOf(put, [], place)).toThrow(
      expect.objectContaining({
        name: "UndeclaredResource",
        message: expect.stringMatching(/aws-sdk:s3:putObject.*state "Do".*grants: \[\{ states: \["Do"\]/),
      }),
    );
    const invoke = machine("lambda:invoke", { FunctionName: "{% $which %}" });
    expect(() => permissionsOf(invoke, [], place)).toThrow(
      expect.objectContaining({ name: "UndeclaredResource" }),
    );
  });

  it("for which more is declared than it needs", () => {
    const grant = { states: ["Gone"], actions: ["s3:PutObject"], resources: ["arn:aws:s3:::box/*"] };
    expect(() => permissionsOf(machine("lambda:invoke", { FunctionName: fn("F") }), [grant], place)).toThrow(
      expect.objectContaining({ name: "NeedlessGrant", message: expect.stringContaining('"Gone"') }),
    );
  });

  it("that calls a service whose permissions are not written down", () => {
    expect(() => permissionsOf(machine("aws-sdk:ec2:describeVpcs", {}), [], place)).toThrow(
      expect.objectContaining({
        name: "UnknownIntegration",
        message: expect.stringContaining("stacks/lib/task-permissions.ts"),
      }),
    );
  });
});
