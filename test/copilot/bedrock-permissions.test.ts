import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bedrockService } from "../../packages/local/src/cloud/bedrock/bedrock-service.ts";
import { offlineModel } from "../../packages/local/src/cloud/bedrock/offline/local-model.ts";
import { CredentialIssuer } from "../../packages/local/src/cloud/gateway/credentials.ts";
import { type Gateway, openGateway } from "../../packages/local/src/cloud/gateway/gateway.ts";
import { Guard, Permissions } from "../../packages/local/src/cloud/permissions/index.ts";
import * as graph from "../local/small-graph.ts";

const profile = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-pro-v1:0";
const model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0";
const allow = (Resource: string[]) => [{ Effect: "Allow", Action: "bedrock:InvokeModel", Resource }];
const roles = graph.graphOf([
  graph.role("profile-only", allow([profile])),
  graph.role("model-only", allow([model])),
  graph.role("both", allow([profile, model])),
]);
const credentials = new CredentialIssuer();
let gateway: Gateway;

beforeAll(async () => {
  gateway = await openGateway({
    port: 0,
    credentials,
    services: { bedrock: bedrockService(offlineModel) },
    guard: new Guard(roles, new Permissions(roles)),
    describe: () => ({}),
  });
});
afterAll(() => gateway.close());

test.each([
  ["profile-only", "us.amazon.nova-pro-v1:0", "foundation-model/amazon.nova-pro-v1:0"],
  ["model-only", "us.amazon.nova-pro-v1:0", "inference-profile/us.amazon.nova-pro-v1:0"],
  ["both", "us.amazon.nova-pro-v1:0", undefined],
  ["model-only", "amazon.nova-pro-v1:0", undefined],
  ["profile-only", "amazon.nova-pro-v1:0", "foundation-model/amazon.nova-pro-v1:0"],
  ["profile-only", profile, undefined],
  ["both", "anthropic.other-v1:0", "foundation-model/anthropic.other-v1:0"],
])("a role with %s asks %s", async (role, modelId, refused) => {
  const bedrock = new BedrockRuntimeClient({
    endpoint: gateway.endpoint,
    region: "us-east-1",
    credentials: credentials.issue(`arn:aws:iam::000000000000:role/${role}`, "work"),
    maxAttempts: 1,
  });
  const messages = [{ role: "user" as const, content: [{ text: "Hello" }] }];

  const answer: unknown = await bedrock
    .send(new ConverseCommand({ modelId, messages }))
    .catch((error) => error);

  bedrock.destroy();
  if (refused === undefined) expect(answer).toMatchObject({ stopReason: "end_turn" });
  else
    expect(answer).toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(`bedrock:InvokeModel on resource: .*${refused}`),
    });
});
