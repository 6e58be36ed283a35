import { describe, expect, it } from "vitest";
import { type ResourceGraph, renderProgram } from "../../packages/local/src/render/index.ts";
import { ProgramFolder } from "./program-folder.ts";

async function rendered(run: string, files: Record<string, string> = {}): Promise<ResourceGraph> {
  using folder = new ProgramFolder(run);
  for (const [file, content] of Object.entries(files)) folder.write(file, content);
  return await renderProgram({ root: folder.root, stage: "test" });
}

const state = (graph: ResourceGraph, name: string) =>
  graph.resources.find((resource) => resource.name === name)?.state ?? {};

describe("a rendered program", () => {
  it("has ids, ARNs and URLs in the form of AWS, in the program's region", async () => {
    const graph = await rendered(`
      const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
      const role = new aws.iam.Role("Role", { name: "worker", assumeRolePolicy: trust });
      const bus = new aws.cloudwatch.EventRule("OnBus", { name: "all", eventBusName: "orders", eventPattern: "{}" });
      new aws.cloudwatch.EventRule("Default", { name: "all", eventPattern: "{}" });
      new aws.s3.Bucket("Box", { bucket: "box" });
      new aws.s3.BucketObjectv2("Text", { bucket: "box", key: "a/b.txt", content: "hello" });
      new aws.sqs.Queue("Jobs", { name: "jobs" });
      new aws.sns.Topic("News", { name: "news" });
      new aws.dynamodb.Table("Rows", { name: "rows", hashKey: "id", attributes: [{ name: "id", type: "S" }] });
      new aws.sfn.StateMachine("Flow", { name: "flow", roleArn: role.arn, definition: "{}" });
      new aws.scheduler.Schedule("Daily", { name: "daily", scheduleExpression: "rate(1 day)", flexibleTimeWindow: { mode: "OFF" }, target: { arn: role.arn, roleArn: role.arn } });
      new aws.glue.Job("Spark", { name: "spark", roleArn: role.arn, command: { scriptLocation: "s3://box/a.py" } });
      new aws.glue.CatalogTable("Cat", { name: "orders", databaseName: "curated" });
      new aws.cloudwatch.LogGroup("Logs", { name: "/logs" });
      new aws.cloudwatch.MetricAlarm("Alarm", { name: "high", comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1 });
      new aws.kms.Alias("Alias", { name: "alias/data", targetKeyId: new aws.kms.Key("Key", {}).keyId });
      return { role: role.arn, rule: bus.arn };`);

    const arns = Object.fromEntries(graph.resources.map((resource) => [resource.name, resource.state.arn]));
    const ids = Object.fromEntries(graph.resources.map(({ name, id }) => [name, id]));
    expect(arns).toMatchObject({
      Role: "arn:aws:iam::000000000000:role/worker",
      OnBus: "arn:aws:events:eu-west-1:000000000000:rule/orders/all",
      Default: "arn:aws:events:eu-west-1:000000000000:rule/all",
      Box: "arn:aws:s3:::box",
      Text: "arn:aws:s3:::box/a/b.txt",
      Jobs: "arn:aws:sqs:eu-west-1:000000000000:jobs",
      News: "arn:aws:sns:eu-west-1:000000000000:news",
      Rows: "arn:aws:dynamodb:eu-west-1:000000000000:table/rows",
      Flow: "arn:aws:states:eu-west-1:000000000000:stateMachine:flow",
      Daily: "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/daily",
      Spark: "arn:aws:glue:eu-west-1:000000000000:job/spark",
      Cat: "arn:aws:glue:eu-west-1:000000000000:table/curated/orders",
      Logs: "arn:aws:logs:eu-west-1:000000000000:log-group:/logs",
      Alarm: "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:high",
      Alias: "arn:aws:kms:eu-west-1:000000000000:alias/data",
    });
    expect(arns.Key).toMatch(
      /^arn:aws:kms:eu-west-1:000000000000:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    expect(ids).toMatchObject({
      Jobs: "https://sqs.eu-west-1.amazonaws.com/000000000000/jobs",
      News: "arn:aws:sns:eu-west-1:000000000000:news",
      Flow: "arn:aws:states:eu-west-1:000000000000:stateMachine:flow",
      Cat: "000000000000:curated:orders",
      Rows: "rows",
    });
    expect(graph.outputs).toEqual({ role: arns.Role, rule: arns.OnBus });
    expect(graph).toMatchObject({ app: "shop", stage: "test", region: "eu-west-1", account: "000000000000" });
  });

  it("holds a function with its links' values, its opened secrets and its settings", async () => {
    const graph = await rendered(
      `
      const shelf = new sst.Linkable("Shelf", { properties: { bucket: "box", limit: 3 } });
      new sst.aws.Function("Work", {
        handler: "src/work.handler",
        link: [shelf],
        memory: "2 GB",
        timeout: "3 minutes",
        storage: "1 GB",
        nodejs: { install: { sharp: "1.2.3" }, esbuild: { external: ["pg", "sharp"] } },
        environment: { TOKEN: $util.secret("s3cret"), MODE: "plain" },
      });`,
    );

    expect(graph.functions).toEqual([
      {
        name: "Work",
        functionName: expect.stringMatching(/^shop-test-WorkFunction-[a-z]{8}$/),
        arn: expect.stringMatching(
          /^arn:aws:lambda:eu-west-1:000000000000:function:shop-test-WorkFunction-[a-z]{8}$/,
        ),
        role: expect.stringMatching(/^arn:aws:iam::000000000000:role\/shop-test-WorkRole-[a-z]{8}$/),
        handler: "src/work.handler",
        links: { Shelf: { bucket: "box", limit: 3, type: "sst.sst.Linkable" } },
        environment: { TOKEN: "s3cret", MODE: "plain", SST_RESOURCE_App: '{"name":"shop","stage":"test"}' },
        memoryMb: 2048,
        timeoutSeconds: 180,
        storageMb: 1024,
        install: ["sharp@1.2.3"],
        external: ["pg", "sharp"],
      },
    ]);
  });

  it("has a value for a secret that has none here, and a placeholder where the program gives one", async () => {
    const graph = await rendered(
      `
      const key = new sst.Secret("Key");
      const other = new sst.Secret("Other", "not-set");
      new sst.aws.Function("Work", { handler: "src/work.handler", link: [key, other] });`,
    );

    expect(graph.functions.map(({ links }) => links)).toEqual([
      {
        Key: { value: "Key: made up, as nothing is deployed", type: "sst.sst.Secret" },
        Other: { value: "not-set", type: "sst.sst.Secret" },
      },
    ]);
  });

  it("waits for what the program creates late, inside of outputs", async () => {
    const graph = await rendered(`
      const first = new aws.sqs.Queue("First", { name: "first" });
      first.arn.apply(async (arn) => {
        await new Promise((resolve) => setTimeout(resolve, 700));
        const second = new aws.sqs.Queue("Second", { name: arn.split(":").at(-1) + "-late" });
        second.url.apply((url) => void new aws.sns.Topic("Third", { name: "third", displayName: url }));
      });`);

    expect(state(graph, "Third").displayName).toBe(
      "https://sqs.eu-west-1.amazonaws.com/000000000000/first-late",
    );
  });

  it("writes policies as the provider does: one value alone, several in a list", async () => {
    const graph = await rendered(`
      return {
        policy: aws.iam.getPolicyDocumentOutput({
          statements: [
            { actions: ["s3:GetObject"], resources: ["a", "b"] },
            {
              sid: "Deny",
              effect: "Deny",
              principals: [{ type: "*", identifiers: ["*"] }],
              actions: ["s3:PutObject"],
              resources: ["c"],
              conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
            },
          ],
        }).json,
      };`);

    expect(JSON.parse(String(graph.outputs.policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: ["a", "b"] },
        {
          Sid: "Deny",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: "c",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
