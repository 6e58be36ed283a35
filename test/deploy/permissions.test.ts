import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { expectedRoles } from "./expected-roles.ts";
import { graph, policies, production, resource, roles } from "./rendered.ts";

const everywhere = policies(graph);
const allowed = everywhere.flatMap(({ owner, statements }) =>
  statements.filter(({ Effect }) => Effect === "Allow").map((statement) => ({ owner, ...statement })),
);

describe("no policy", () => {
  it("allows an action by a wildcard", () => {
    const wild = allowed.flatMap(({ owner, Action }) =>
      Action.filter((action) => action.includes("*")).map((action) => `${owner}: ${action}`),
    );
    expect(allowed.length).toBeGreaterThan(50);
    expect(wild).toEqual([]);
  });

  it("allows anything to everybody", () => {
    expect(allowed.filter(({ Principal }) => Principal === "*")).toEqual([]);
    expect(
      allowed.flatMap(({ Principal }) => (typeof Principal === "object" ? Object.keys(Principal) : [])),
    ).not.toContain("*");
  });

  it("comes from AWS ready-made: what a role may do is written here", () => {
    expect(roles(graph).filter(({ managed }) => managed.length > 0)).toEqual([]);
  });
});

it("actions on every resource are those that AWS defines on no other", () => {
  const onEverything = new Set(
    allowed
      .filter(({ owner, Resource }) => Resource?.includes("*") && owner !== "DataKey")
      .flatMap(({ Action }) => Action),
  );

  expect([...onEverything].sort()).toEqual([
    // Of metrics; narrowed by its namespace.
    "cloudwatch:PutMetricData",
    // Of Step Functions' delivery to a log group.
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    // Of pictures, which Rekognition reads with the caller's rights.
    "rekognition:DetectLabels",
    // Of traces.
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ]);
  const metrics = allowed.find(({ Action }) => Action.includes("cloudwatch:PutMetricData"));
  expect(metrics?.Condition).toEqual({ StringEquals: { "cloudwatch:namespace": ["Glue"] } });
});

it("the key's policy, where * is the key itself, names exact services and actions", () => {
  const key = everywhere.find(({ owner }) => owner === "DataKey")?.statements ?? [];

  expect(key.map(({ Sid, Principal }) => [Sid, Principal])).toEqual([
    ["AccountThroughIam", { AWS: ["arn:aws:iam::000000000000:root"] }],
    [
      "ServicesThatDeliver",
      { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"] },
    ],
    ["LogGroupsOfThisAccount", { Service: ["logs.us-east-1.amazonaws.com"] }],
    ["CloudFrontOfThisAccount", { Service: ["cloudfront.amazonaws.com"] }],
  ]);
  expect(key.slice(1).every(({ Condition }) => Condition !== undefined)).toBe(true);
});

it("a role uses the key by way of services only", () => {
  const uses = roles(graph).flatMap(({ name, grants }) =>
    grants
      .filter(({ Action }) => Action.some((action) => action.startsWith("kms:")))
      .map((grant) => ({ name, grant })),
  );
  expect(uses.length).toBeGreaterThan(5);
  for (const { name, grant } of uses) {
    expect(grant.Resource, name).toEqual([resource(graph, "DataKey").state.arn]);
    expect(grant.Condition?.StringEquals?.["kms:ViaService"]?.length, name).toBeGreaterThan(0);
  }
});

it("a function's role is taken on by Lambda and by nobody else", () => {
  const executing = roles(graph).filter(({ name }) =>
    graph.functions.some((each) => each.role === resource(graph, name).state.arn),
  );
  expect(executing).toHaveLength(graph.functions.length);
  for (const { name, trust } of executing) {
    expect(trust, name).toEqual([
      { Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] }, Action: ["sts:AssumeRole"] },
    ]);
  }
});

describe("a role may do what its part of the work needs, and nothing more", () => {
  /** Actions by resource, short: `Raw/*`, `table/Runs`, `Refine`. Traces, logs and the key are looked at above. */
  function needs(role: string): Record<string, string[]> {
    const table: Record<string, string[]> = {};
    for (const { Action, Resource } of roles(graph).find(({ name }) => name === role)?.grants ?? []) {
      if (Action.every((action) => /^(xray|logs|kms|cloudwatch):/.test(action))) continue;
      for (const arn of Resource ?? []) table[short(arn)] = [...(table[short(arn)] ?? []), ...Action].sort();
    }
    return table;
  }
  const short = (arn: string) =>
    arn
      .replace(/^arn:aws:s3:::penstock-local-(\w+)bucket-\w{8}/, "$1")
      .replace(/^arn:aws:[a-z]+:us-east-1:000000000000:(function:)?/, "")
      .replace("penstock-local-", "");
  it("and there are these roles", () => {
    expect(roles(graph).map(({ name }) => name)).toEqual(Object.keys(expectedRoles).sort());
  });

  it.each(Object.keys(expectedRoles))("%s", (role) => {
    expect(needs(role)).toEqual(expectedRoles[role]);
  });
});

it("links carry values and no permission", () => {
  const of = (name: string, handler: string) => {
    if (name === "Api")
      return [
        ...["Pipelines", "Reports", "Copilot", "Ingestion", "OnlineFeatures"],
        ...["Dna", "DnaEmailKey", "Campaign", "CampaignMachine", "Assets"],
      ];
    if (name === "EnrichData") return ["Campaign", "YouTubeKey"];
    if (["UnderstandMarket", "SynthesiseCampaign"].includes(name)) return ["Campaign", "OpenAiKey"];
    if (handler.startsWith("packages/campaign/")) return ["Campaign"];
    if (handler.startsWith("packages/assets/")) return ["Assets"];
    if (["CategoriseChunk", "UpdatePersona"].includes(name)) return ["Dna", "OpenAiKey"];
    if (handler.startsWith("packages/dna/")) return ["Dna"];
    if (handler.startsWith("packages/marts/")) return ["Marts"];
    if (name === "EstimateBackfill") return ["Features", "Backfill"];
    if (handler.startsWith("packages/features/")) return ["Features"];
    return [handler.startsWith("packages/analytics/") ? "Analytics" : "Lake"];
  };
  for (const { name, handler, links } of graph.functions) {
    expect(Object.keys(links), name).toEqual(of(name, handler));
    // What a link grants would stand in the roles above; a link with permissions is not an sst.Linkable of ours.
    for (const [link, { type }] of Object.entries(links))
      expect(type, link).toBe(link.endsWith("Key") ? "sst.sst.Secret" : "sst.sst.Linkable");
  }
});

it("what a role is granted inline fits into the 10,240 characters that IAM takes", () => {
  const sizes = resourcesOf(production, "aws:iam/role:Role").map(({ name, inputs }) => ({
    name,
    size: JSON.stringify(inputs.inlinePolicies).length,
  }));
  expect(sizes.filter(({ size }) => size > 10_240)).toEqual([]);
});

it("a secret's value stands in no resource: it comes to a function by its link alone", () => {
  const { value } = v.parse(
    v.object({ value: v.string() }),
    production.functions.find(({ name }) => name === "Api")?.links.DnaEmailKey,
  );

  // Nobody has set one here: it is the renderer's.
  expect(value).toMatch(/^DnaEmailKey: made up/);
  const shown = production.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(value));
  expect(shown.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});
