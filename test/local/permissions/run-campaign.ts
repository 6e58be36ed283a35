import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { imageStatusUrl, pendingImage } from "@penstock/contracts";
import * as v from "valibot";
import { makeCampaign } from "../../../packages/local/src/campaigns/campaign-calls.ts";
import { drawnImage, requestImage } from "../../../packages/local/src/campaigns/image-calls.ts";
import { uploadPicture } from "../../../packages/local/src/campaigns/upload-calls.ts";
import { bootCloud } from "../../../packages/local/src/cloud/index.ts";
import type { Grant } from "../../../packages/local/src/cloud/permissions/index.ts";
import { personCaller } from "../../../packages/local/src/main-job/call-api.ts";
import type { ResourceGraph } from "../../../packages/local/src/render/index.ts";
import { cup } from "../../e2e/campaign-cloud.ts";
import { settled } from "../../e2e/prod-cloud.ts";
import { clientsOf } from "../clients.ts";
import { root } from "../small-graph.ts";

const asked = { product: { name: "Red cup" }, objectives: ["Sell it"], target_markets: ["DE"] };
const Subject = v.object({ user_id: v.string() });

/** A UUID of this number, so that nothing is somebody else's by chance. */
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const HOUR = 3_600_000;

/**
 * A person's campaigns and pictures by way of the API: each tier once, a picture that is drawn and served, one of which nobody
 * heard, one that was paid and lost, a campaign whose execution is not there, an upload that is not there, and one campaign too many.
 */
export async function campaignDay(graph: ResourceGraph): Promise<readonly Grant[]> {
  const cloud = await bootCloud(graph, { root, notesGrants: true });
  const { dynamodb, sqs } = clientsOf(cloud.endpoint);
  const tables = DynamoDBDocumentClient.from(dynamodb);
  const signal = AbortSignal.timeout(600_000);
  const output = (name: string) => String(graph.outputs[name]);
  const put = (table: string, Item: Record<string, unknown>) =>
    tables.send(new PutCommand({ TableName: output(table), Item }));
  try {
    const ana = await personCaller(cloud, "ana", "penstock/campaigns", signal);
    const bytes = await cup();
    const { upload_id } = await uploadPicture(ana, { bytes, type: "image/png" }, signal);
    await ana(`/api/upload/status/20260101T000000Z_${id(1)}.png`);
    const byAgent = await makeCampaign(ana, { ...asked, image: { upload_id } }, signal);
    const image = { content_type: "image/png", data: bytes.toString("base64") } as const;
    await makeCampaign(ana, { ...asked, image, tier: 2 }, signal);

    const key = { product_id: byAgent.campaign_id };
    const { Item = {} } = await tables.send(new GetCommand({ TableName: output("products"), Key: key }));
    const { user_id: subject } = v.parse(Subject, Item);
    // A campaign that was written down and never begun: whether it runs is asked of Step Functions.
    const { campaign: _campaign, ...begun } = Item;
    await put("products", { ...begun, product_id: id(2), correlation_id: id(3), status: "running" });
    await ana(`/api/campaign/${id(2)}`);

    const picture = await drawnImage(ana, await requestImage(ana, { prompt: "A cup" }), signal);
    if (picture.status === "completed") await (await fetch(picture.s3_url)).arrayBuffer();
    const wanted = (number: number, at: Date) =>
      pendingImage({
        id: id(number),
        user: subject,
        owner: subject,
        prompt: "A cup",
        style: "flat",
        aspectRatio: "1:1",
        at,
        days: 30,
      });
    await put("generatedImages", wanted(4, new Date(Date.now() - 2 * HOUR)));
    await ana(imageStatusUrl(id(4)));
    // Its function ended while it waited for the model: whoever comes next looks whether the picture is there.
    const lost = { attempts: 1, claim: "gone", claimed_until: Date.now() - 1, asked_at: Date.now() - HOUR };
    await put("generatedImages", { ...wanted(5, new Date()), ...lost });
    const MessageBody = JSON.stringify({ version: 1, request_id: id(5) });
    await sqs.send(new SendMessageCommand({ QueueUrl: output("imageRequests"), MessageBody }));
    await drawnImage(ana, id(5), signal);

    // The bucket of tokens is empty at last: only then is it read how long to wait.
    const again = (number: number) =>
      ana("/api/campaign/tier-1", {
        method: "POST",
        body: JSON.stringify({ ...asked, objectives: [`Sell it ${number}`], image: { upload_id }, tier: 2 }),
      });
    for (let number = 0; (await again(number)).status !== 429; number++);
    await settled(cloud);
    return cloud.neededGrants();
  } finally {
    await cloud.close();
  }
}
