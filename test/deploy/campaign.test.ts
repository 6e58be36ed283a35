import { campaignAgentV1, toolSpecs } from "@penstock/campaign";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { AssetsSettings } from "../../packages/assets/src/settings.ts";
import { CampaignSettings } from "../../packages/campaign/src/settings.ts";
import { machinesOf } from "../../packages/local/src/render/index.ts";
import { settingsFor } from "../../stacks/settings.ts";
import { graph, resource } from "./rendered.ts";

const settings = settingsFor("local");
const fn = (name: string) => graph.functions.find((each) => each.name === name);
const operations = [resource(graph, "Operations").state.arn];

describe("pictures", () => {
  it("come one by one back into the queue, are hidden six times as long as one is drawn, and are dead after three receives", () => {
    const queue = resource(graph, "ImageRequests");

    expect(resource(graph, "ImageRequestsMapping").inputs).toMatchObject({
      eventSourceArn: queue.state.arn,
      functionName: "penstock-local-GenerateImages",
      batchSize: 5,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 5 },
    });
    expect(fn("GenerateImages")?.timeoutSeconds).toBe(50);
    expect(queue.inputs.visibilityTimeoutSeconds).toBe(6 * 50);
    expect(JSON.parse(String(queue.inputs.redrivePolicy))).toEqual({
      deadLetterTargetArn: resource(graph, "ImageRequestsDead").state.arn,
      maxReceiveCount: 3,
    });
  });

  it("are given up before the function is: who is killed while it waits cannot say what was paid", () => {
    expect(settings.assets.imageModel.seconds).toBeLessThan(settings.assets.functionSeconds);
  });

  it("are read at once from Glacier after 90 days; uploads and addresses stay", () => {
    const rules = (name: string) => resource(graph, `${name}Lifecycle`).inputs.rules;
    const unfinished = expect.objectContaining({ id: "unfinished-uploads" });

    expect(rules("GeneratedAssets")).toEqual([
      unfinished,
      {
        id: "generated",
        status: "Enabled",
        filter: { prefix: "generated/" },
        transitions: [{ days: 90, storageClass: "GLACIER_IR" }],
      },
    ]);
    expect(rules("Uploads")).toEqual([unfinished]);
  });

  it("are served by CloudFront alone, which signs what it asks of the bucket, and for nothing but reading", () => {
    const network = resource(graph, "GeneratedAssetsNetwork");

    expect(resource(graph, "GeneratedAssetsAccess").inputs).toMatchObject({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    expect(network.inputs).toMatchObject({
      enabled: true,
      origins: [
        {
          domainName: `${resource(graph, "GeneratedAssetsBucket").id}.s3.us-east-1.amazonaws.com`,
          originAccessControlId: resource(graph, "GeneratedAssetsAccess").id,
        },
      ],
      defaultCacheBehavior: {
        allowedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        responseHeadersPolicyId: resource(graph, "GeneratedAssetsHeaders").id,
      },
    });
    expect(network.inputs).not.toHaveProperty("defaultRootObject");
    expect(resource(graph, "GeneratedAssetsHeaders").inputs).toMatchObject({
      securityHeadersConfig: { contentTypeOptions: { override: true } },
    });
    expect(fn("Api")?.links.Assets).toMatchObject({ baseUrl: `https://${network.state.domainName}` });
  });
});

describe("tables", () => {
  it("let what ends go away by itself, and keep products", () => {
    const ttl = (name: string) => resource(graph, name).inputs.ttl;

    expect(ttl("generated_images")).toEqual({ enabled: true, attributeName: "expires_at" });
    for (const name of ["CampaignCache", "RateLimits"])
      expect(ttl(name)).toEqual({ enabled: true, attributeName: "until" });
    expect(ttl("products")).toBeUndefined();
  });

  it.each([
    ["products", "product_id", "upload_timestamp"],
    ["generated_images", "request_id", "created_at"],
  ])("%s is looked up by user and time too", (name, hashKey, rangeKey) => {
    const { inputs } = resource(graph, name);

    expect(inputs).toMatchObject({
      hashKey,
      globalSecondaryIndexes: [{ name: "by_user", hashKey: "user_id", rangeKey, projectionType: "ALL" }],
    });
    expect([inputs.attributes].flat()).toEqual(
      [hashKey, "user_id", rangeKey].map((key) => ({ name: key, type: "S" })),
    );
  });
});

describe("links", () => {
  it("have the shapes that tasks ask for", () => {
    const campaigns = graph.functions.filter(({ links }) => "Campaign" in links);
    const assets = graph.functions.filter(({ links }) => "Assets" in links);

    expect(campaigns.map(({ name }) => name).sort()).toEqual([
      ...["AnalyseImage", "Api", "CheckCampaign", "EnrichData"],
      ...["StoreCampaign", "SynthesiseCampaign", "UnderstandMarket"],
    ]);
    expect(assets.map(({ name }) => name).sort()).toEqual(["Api", "GenerateImages"]);
    for (const { name, links } of campaigns) expect(v.is(CampaignSettings, links.Campaign), name).toBe(true);
    for (const { name, links } of assets) expect(v.is(AssetsSettings, links.Assets), name).toBe(true);
  });

  it("give YouTube's key to who asks YouTube, and to nobody else", () => {
    const holders = graph.functions.filter(({ links }) => "YouTubeKey" in links);

    expect(holders.map(({ name }) => name)).toEqual(["EnrichData"]);
  });
});

describe("the machine", () => {
  const [campaign] = machinesOf(graph).filter(({ workflow }) => workflow === "campaign");
  const definition = JSON.stringify(campaign?.definition);

  it("asks the model with the prompt and the tools of the contracts", () => {
    expect(definition).toContain(JSON.stringify(campaignAgentV1.system));
    for (const { name, inputSchema } of toolSpecs) {
      expect(definition).toContain(JSON.stringify(name));
      expect(definition).toContain(JSON.stringify(inputSchema.json));
    }
  });

  it("fits into what Step Functions takes, and none of its prompts is taken for an expression", () => {
    expect(definition.length).toBeLessThan(1_000_000);
    expect([campaignAgentV1.system, JSON.stringify(toolSpecs)].some((text) => text.includes("{%"))).toBe(
      false,
    );
  });

  it("has a wait that ends before the function that waits", () => {
    const { waitSeconds, modelTaskSeconds, model } = settings.campaign;

    expect(waitSeconds).toBeLessThan(settings.api.timeoutSeconds - 2);
    expect(2 * model.modelSeconds).toBeLessThan(modelTaskSeconds);
  });
});

const Queries = v.array(v.object({ id: v.string(), expression: v.optional(v.string(), "") }));

/** The expressions of an alarm, by their ids. */
function queriesOf(alarm: string): ReadonlyMap<string, string> {
  const queries = v.parse(Queries, resource(graph, alarm).inputs.metricQueries);
  return new Map(queries.map(({ id, expression }) => [id, expression]));
}

/** What CloudWatch makes of an expression of sums, quotients and one IF. */
function reckoned(expression = "", sums: Readonly<Record<string, number>>): number {
  const [, condition = "1", least = "1", yes = expression, no = "0"] =
    /^IF\((.+) >= (\d+), (.+), (.+)\)$/.exec(expression) ?? [];
  const value = (text: string): number => {
    const quotient = /^(\w+) \/ \((.+)\)$/.exec(text);
    if (quotient !== null) return value(quotient[1] ?? "") / value(quotient[2] ?? "");
    return text
      .replaceAll(" - ", " + -")
      .split(" + ")
      .reduce((sum, term) => {
        const sign = term.startsWith("-") ? -1 : 1;
        const name = term.replace("-", "");
        return sum + sign * (sums[name] ?? Number(name));
      }, 0);
  };
  return value(condition) >= Number(least) ? value(yes) : value(no);
}

describe("alarms", () => {
  it("ring for campaigns that fall back, those that were to be the agent's", () => {
    expect(resource(graph, "CampaignsFallBackAlarm").inputs).toMatchObject({
      alarmActions: operations,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0.5,
      metricQueries: [
        { id: "agent", metric: { metricName: "GenerationMethod", period: 3600 } },
        { id: "sequence", metric: { dimensions: { Method: "sequential" } } },
        { id: "asked", metric: { metricName: "FallBack", dimensions: { Reason: "asked_for" } } },
        { id: "fallen", expression: "sequence - asked" },
        { id: "fraction", returnData: true },
      ],
    });
  });

  it.each([
    ["never was the agent's", { agent: 0, sequence: 3, asked: 0 }, 1],
    ["were asked of the sequence alone", { agent: 0, sequence: 3, asked: 3 }, 0],
    ["fell back once of four times", { agent: 3, sequence: 2, asked: 1 }, 0.25],
    ["fell back mostly", { agent: 1, sequence: 5, asked: 2 }, 0.75],
    ["were one or two", { agent: 0, sequence: 2, asked: 0 }, 0],
  ])("reckon with what is counted: campaigns that %s", (_, sums, fraction) => {
    const queries = queriesOf("CampaignsFallBackAlarm");

    const fallen = reckoned(queries.get("fallen"), sums);
    expect(reckoned(queries.get("fraction"), { ...sums, fallen })).toBe(fraction);
  });

  it("ring for pictures that fail, whatever of them all failed", () => {
    const queries = queriesOf("ImagesFailAlarm");

    expect(resource(graph, "ImagesFailAlarm").inputs).toMatchObject({
      alarmActions: operations,
      threshold: 0.5,
    });
    expect(reckoned(queries.get("fraction"), { failed: 3, completed: 0 })).toBe(1);
    expect(reckoned(queries.get("fraction"), { failed: 1, completed: 3 })).toBe(0.25);
    expect(reckoned(queries.get("fraction"), { failed: 2, completed: 0 })).toBe(0);
    expect(reckoned(queries.get("fraction"), { failed: 0, completed: 0 })).toBe(0);
  });

  it("ring for pictures that wait, and for more that are paid for in a day than are expected", () => {
    expect(resource(graph, "ImagesWaitAlarm").inputs).toMatchObject({
      alarmActions: operations,
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "penstock-local-image-requests" },
      threshold: 900,
    });
    expect(resource(graph, "DailyImagesAlarm").inputs).toMatchObject({
      alarmActions: operations,
      metricName: "ImageCostUsd",
      statistic: "SampleCount",
      period: 86_400,
      threshold: 2000,
    });
    expect(resource(graph, "DailyCampaignCostAlarm").inputs).toMatchObject({
      alarmActions: operations,
      metricName: "CampaignCostUsd",
      statistic: "Sum",
      period: 86_400,
      threshold: 50,
    });
  });

  it("count what the tasks count under the same name of the service", () => {
    const service = fn("StoreCampaign")?.environment.POWERTOOLS_SERVICE_NAME;
    const board = String(resource(graph, "CampaignDashboard").inputs.dashboardBody);

    expect(JSON.parse(board).widgets.length).toBeGreaterThan(5);
    expect(board).toContain(JSON.stringify(["Penstock", "CampaignSeconds", "service", service]));
    expect(board).toContain(
      JSON.stringify(["Penstock", "GenerationMethod", "service", service, "Method", "sequential"]),
    );
    const [query] = [resource(graph, "CampaignsFallBackAlarm").inputs.metricQueries].flat();
    expect(query).toMatchObject({ metric: { dimensions: { service } } });
  });
});
