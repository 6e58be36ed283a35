import { routeKeys, routes, type Scope } from "@penstock/api";
import { isStartable } from "@penstock/contracts";
import { ofSystems } from "./analytics.ts";
import { martsCatalogue } from "./analytics-catalog.ts";
import {
  analystClient,
  campaignsAppClient,
  campaignsClient,
  exportsClient,
  featuresClient,
  ingestClient,
  operatorClient,
  personasClient,
  runClient,
  userPool,
} from "./api-clients.ts";
import { link as assets } from "./assets.ts";
import { queryGrants, workgroup, workgroupArn } from "./athena.ts";
import { link as campaigns } from "./campaign.ts";
import { campaignMachine, makeCampaigns } from "./campaign-access.ts";
import { link as dna, ofPeople } from "./dna.ts";
import { key, keyThrough } from "./encryption.ts";
import { interactionStream, sendInteractions } from "./ingestion.ts";
import { builds, dnaFiles, onlineFeatures, people } from "./lake.ts";
import { alarm } from "./lib/alarm.ts";
import { list, objects, PUT, READ } from "./lib/bucket-grants.ts";
import { arn, named, settings } from "./lib/identity.ts";
import { transpiler } from "./lib/native-packages.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { askingModel } from "./model-access.ts";
import { operationsTopic } from "./monitoring.ts";
import { emailKey } from "./secrets.ts";
import { dnaData, marts, prod } from "./storage.ts";
import {
  curatedToProd,
  digitalDna,
  featurePipeline,
  onFailure,
  rawToCurated,
  reconcile,
} from "./workflows.ts";

/** Every machine that who runs pipelines may look at; those with an input contract can be started over it. */
const machines = {
  "raw-to-curated": rawToCurated.arn,
  reconcile: reconcile.arn,
  "curated-to-prod": curatedToProd.arn,
  "feature-pipeline": featurePipeline.arn,
  "digital-dna": digitalDna.arn,
  "on-failure": onFailure.arn,
};

/** Values only: what the function may do with them stands in its grants. */
const pipelines = new sst.Linkable("Pipelines", { properties: { machines } });

const reports = new sst.Linkable("Reports", {
  properties: {
    buildsTable: builds.name,
    buckets: ofSystems((name) => prod[name].name),
    maxAgeSeconds: settings.api.maxAgeSeconds,
  },
});

const { foundationModel: _model, foundationRegions: _regions, ...limits } = settings.copilot;
const copilot = new sst.Linkable("Copilot", {
  properties: {
    martsBucket: marts.name,
    copilotBucket: prod["retail-copilot"].name,
    database: martsCatalogue.database.name,
    workgroup: workgroup.name,
    buildsTable: builds.name,
    ...limits,
  },
});

const ingestion = new sst.Linkable("Ingestion", {
  properties: {
    stream: interactionStream.name,
    clockSkewMinutes: settings.features.clockSkewMinutes,
    batchDays: settings.features.stream.batchDays,
  },
});

const online = new sst.Linkable("OnlineFeatures", {
  properties: { tables: { user: onlineFeatures.user.name, item: onlineFeatures.item.name } },
});

/** To read the current reports. */
const readReports: readonly Grant[] = [
  { actions: ["dynamodb:GetItem"], resources: [builds.arn] },
  ...Object.values(prod).map((bucket) => objects(bucket, READ)),
  list(...Object.values(prod)),
];

/** To ask a model for a query, to run it over the marts, and to keep what was asked. */
const answerQuestions: readonly Grant[] = [
  askingModel(settings.copilot),
  {
    actions: [
      "athena:GetQueryExecution",
      "athena:GetQueryResults",
      "athena:StartQueryExecution",
      "athena:StopQueryExecution",
    ],
    resources: [workgroupArn],
  },
  ...queryGrants([martsCatalogue]),
  objects(prod["retail-copilot"], PUT, "_questions/"),
];

/** To register people, to sign uploads of theirs, and to show what became of them. */
const knowPeople: readonly Grant[] = [
  { actions: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"], resources: [people.arn] },
  { actions: ["dynamodb:Query"], resources: [dnaFiles.arn] },
  ofPeople("stage1", PUT),
  ofPeople("stage3", READ),
  list(dnaData),
];

const fn = task("Api", {
  description:
    "The HTTP API: pipelines and their executions, analytics, questions, interactions on their way in, features, personas, campaigns",
  handler: "packages/api/src/handler.handler",
  memoryMb: settings.api.memoryMb,
  timeoutSeconds: settings.api.timeoutSeconds,
  link: [
    ...[pipelines, reports, copilot, ingestion, online],
    ...[dna, emailKey, campaigns, campaignMachine, assets],
  ],
  install: transpiler,
  grants: [
    ...readReports,
    ...answerQuestions,
    ...sendInteractions,
    ...knowPeople,
    ...makeCampaigns,
    {
      actions: ["dynamodb:BatchGetItem"],
      resources: [onlineFeatures.user.arn, onlineFeatures.item.arn],
    },
    keyThrough("dynamodb", "s3", "sqs"),
    {
      actions: ["states:StartExecution"],
      resources: Object.entries(machines).flatMap(([name, machine]) => (isStartable(name) ? [machine] : [])),
    },
    { actions: ["states:ListExecutions"], resources: Object.values(machines) },
    {
      actions: ["states:DescribeExecution", "states:GetExecutionHistory", "states:RedriveExecution"],
      resources: Object.keys(machines).map((name) => arn("states", `execution:${named(name)}:*`)),
    },
  ],
});

/** No CORS: no browser is to call it. */
const api = new aws.apigatewayv2.Api("HttpApi", {
  name: named("api"),
  description:
    "Starts pipelines, shows their executions, reads analytics, takes interactions, reads features, makes campaigns",
  protocolType: "HTTP",
});
export const apiUrl = api.apiEndpoint;

const authorizer = new aws.apigatewayv2.Authorizer("ApiTokensAuthorizer", {
  apiId: api.id,
  name: "access-tokens",
  authorizerType: "JWT",
  identitySources: ["$request.header.Authorization"],
  // Access tokens of Cognito carry no `aud`; API Gateway then compares `client_id`.
  jwtConfiguration: {
    issuer: $interpolate`https://${userPool.endpoint}`,
    audiences: [
      ...[runClient, operatorClient, analystClient, ingestClient, featuresClient],
      ...[exportsClient, personasClient, campaignsClient, campaignsAppClient],
    ].map(({ id }) => id),
  },
});

const integration = new aws.apigatewayv2.Integration("ApiIntegration", {
  apiId: api.id,
  integrationType: "AWS_PROXY",
  integrationMethod: "POST",
  integrationUri: fn.nodes.function.invokeArn,
  payloadFormatVersion: "2.0",
});

/** The app's routes in API Gateway: nothing else reaches the function, but what lies under a path that ends in a slash. */
const gatewayRoutes = routes.flatMap(({ operation, scopes: wanted, ...route }) =>
  routeKeys(route).map(
    (routeKey, at) =>
      new aws.apigatewayv2.Route(at === 0 ? `ApiRoute-${operation}` : `ApiRoute-${operation}-slash`, {
        apiId: api.id,
        routeKey,
        operationName: operation,
        target: $interpolate`integrations/${integration.id}`,
        ...(wanted.length > 0
          ? { authorizationType: "JWT", authorizerId: authorizer.id, authorizationScopes: [...wanted] }
          : { authorizationType: "NONE" }),
      }),
  ),
);

/** Whether shops call a route all day. */
function isBusy({ scopes: wanted }: { readonly scopes: readonly Scope[] }): boolean {
  return wanted.some((scope) => scope === "penstock/ingest" || scope === "penstock/features");
}

const logs = new aws.cloudwatch.LogGroup("ApiAccessLogs", {
  name: `/aws/vendedlogs/apis/${named("api")}`,
  retentionInDays: settings.retention.logDays,
  kmsKeyId: key.arn,
});

new aws.apigatewayv2.Stage(
  "ApiStage",
  {
    apiId: api.id,
    name: "$default",
    autoDeploy: true,
    defaultRouteSettings: {
      throttlingRateLimit: settings.api.requestsPerSecond,
      throttlingBurstLimit: settings.api.burst,
      detailedMetricsEnabled: true,
    },
    routeSettings: routes
      .filter(isBusy)
      .flatMap(routeKeys)
      .map((routeKey) => ({
        routeKey,
        throttlingRateLimit: settings.api.dataRequestsPerSecond,
        throttlingBurstLimit: settings.api.dataBurst,
        detailedMetricsEnabled: true,
      })),
    accessLogSettings: {
      destinationArn: logs.arn,
      // Who, what and how it went; no query, no body, no token.
      format: JSON.stringify({
        requestId: "$context.requestId",
        time: "$context.requestTime",
        sourceIp: "$context.identity.sourceIp",
        client: "$context.authorizer.claims.client_id",
        route: "$context.routeKey",
        // Not the path: people are in it.
        status: "$context.status",
        latencyMs: "$context.responseLatency",
        bytes: "$context.responseLength",
        error: "$context.error.message",
        authorizerError: "$context.authorizer.error",
        integrationError: "$context.integrationErrorMessage",
      }),
    },
  },
  { dependsOn: gatewayRoutes },
);

new aws.lambda.Permission("ApiInvokes", {
  function: fn.name,
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  sourceArn: $interpolate`${api.executionArn}/*/*`,
});

alarm("ApiFaultsAlarm", {
  physicalName: "api-faults",
  description: "The API answered with a fault of ours (5xx): its log group has the stack by request id",
  namespace: "AWS/ApiGateway",
  metricName: "5xx",
  dimensions: { ApiId: api.id },
  statistic: "Sum",
  period: 300,
  threshold: 0,
  topic: operationsTopic.arn,
});
