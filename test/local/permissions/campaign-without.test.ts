import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { cup, openCampaigns } from "../../e2e/campaign-cloud.ts";
import { graph, output } from "../../e2e/prod-cloud.ts";
import { clientsOf } from "../clients.ts";
import { without } from "./without.ts";

type Campaigns = Awaited<ReturnType<typeof openCampaigns>>;

/** Boots the program without a permission and does something that needs it. */
async function lacking<Answer>(
  of: string,
  action: string,
  act: (campaigns: Campaigns) => Promise<Answer>,
): Promise<Answer> {
  const campaigns = await openCampaigns(without(graph, of, action));
  try {
    return await act(campaigns);
  } finally {
    await campaigns.cloud.close();
  }
}

it("a machine that may not ask the model leaves campaigns to the sequence, which says so", async () => {
  const { ended, record } = await lacking("CampaignMakerRole", "bedrock:InvokeModel", ({ begun }) =>
    begun(1),
  );

  const reason = "BedrockRuntime.AccessDeniedException";
  expect(ended).toMatchObject({ status: "SUCCEEDED", result: { method: "sequential", reason, turns: 0 } });
  expect(record).toMatchObject({
    status: "completed",
    fallback_reason: reason,
    campaign: { campaign_data: { generation_method: "sequential", fallback_reason: reason } },
  });
});

it("a function that may not ask Rekognition ends the execution, and the picture is not said to be at fault", async () => {
  const { ended, record } = await lacking("AnalyseImageRole", "rekognition:DetectLabels", ({ begun }) =>
    begun(2),
  );

  expect(ended).toMatchObject({ status: "FAILED", error: "AccessDenied" });
  expect(record.status).toBe("running");
});

it("a bucket that does not admit CloudFront serves no picture", async () => {
  const status = await lacking("GeneratedAssetsPolicy", "s3:GetObject", async ({ cloud }) => {
    await clientsOf(cloud.endpoint).s3.send(
      new PutObjectCommand({
        Bucket: output("generatedAssets"),
        Key: "generated/ana/cup.png",
        Body: await cup(),
      }),
    );
    const [door] = Object.values(cloud.outside.distributions);
    return (await fetch(`${door}/generated/ana/cup.png`)).status;
  });

  expect(status).toBe(403);
});
