import { DetectLabelsCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AwsClients } from "../../packages/local/src/cloud/aws-clients.ts";
import type { Service } from "../../packages/local/src/cloud/gateway/call.ts";
import { CredentialIssuer } from "../../packages/local/src/cloud/gateway/credentials.ts";
import { type Gateway, openGateway } from "../../packages/local/src/cloud/gateway/gateway.ts";
import { Guard, Permissions } from "../../packages/local/src/cloud/permissions/index.ts";
import { rekognitionService } from "../../packages/local/src/cloud/rekognition/rekognition-service.ts";
import * as graph from "./small-graph.ts";

const look = { Effect: "Allow", Action: "rekognition:DetectLabels", Resource: "*" };
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/mine/*" };
const roles = graph.graphOf([
  graph.bucket("pictures"),
  graph.role("looks", [look]),
  graph.role("reads", [read]),
  graph.role("both", [look, read]),
]);
const credentials = new CredentialIssuer();
let gateway: Gateway;
let clients: AwsClients;

/** An S3 in which the same picture lies everywhere. */
function pictures(picture: Buffer): Service {
  return {
    protocol: "rest-xml",
    async handle({ request, response }) {
      response.writeHead(200, { "content-length": picture.length });
      response.end(request.method === "HEAD" ? undefined : picture);
    },
  };
}

beforeAll(async () => {
  const picture = await sharp({ create: { width: 100, height: 100, channels: 3, background: "#c00" } })
    .png()
    .toBuffer();
  const services: Record<string, Service> = { s3: pictures(picture) };
  gateway = await openGateway({
    port: 0,
    credentials,
    services,
    guard: new Guard(roles, new Permissions(roles)),
    describe: () => ({}),
  });
  clients = new AwsClients(gateway.endpoint, "us-east-1", credentials);
  services.rekognition = rekognitionService(clients);
});
afterAll(async () => {
  clients.close();
  await gateway.close();
});

test.each([
  ["both", "mine/a.png", undefined],
  ["reads", "mine/a.png", "AccessDeniedException"],
  ["looks", "mine/a.png", "InvalidS3ObjectException"],
  ["both", "theirs/a.png", "InvalidS3ObjectException"],
])("a role with %s looks at %s: %s", async (role, Name, refused) => {
  const rekognition = new RekognitionClient({
    endpoint: gateway.endpoint,
    region: "us-east-1",
    credentials: credentials.issue(`arn:aws:iam::000000000000:role/${role}`, "work"),
    maxAttempts: 1,
  });

  const answer: unknown = await rekognition
    .send(new DetectLabelsCommand({ Image: { S3Object: { Bucket: "pictures", Name } } }))
    .catch((error: unknown) => error);

  rekognition.destroy();
  if (refused === undefined)
    expect(answer).toMatchObject({ LabelModelVersion: "penstock-offline-pixel-statistics" });
  else expect(answer).toMatchObject({ name: refused });
});
