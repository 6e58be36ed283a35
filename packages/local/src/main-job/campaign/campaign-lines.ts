import type { CampaignAnswer } from "@penstock/contracts";
import type { DrawnPicture } from "./drawn-picture.ts";
import type { SampleCampaigns } from "./sample-campaigns.ts";

/** What the campaigns and the pictures are, in a few lines. */
export function renderCampaigns({ made, pictures }: SampleCampaigns): string[] {
  const answers = made.flatMap(({ state }) => (state.status === "completed" ? [state] : []));
  return [
    `Campaigns: ${[made.length, methods(answers)].join(" ")}; ${facts(answers)}`,
    ...answers.map(({ generation_method: method, product, content_ideas: [idea] }) =>
      [`  ${method.padEnd(15)} ${product.product_name}: ${idea?.title ?? "no ideas"}`, seen(product)].join(
        "; ",
      ),
    ),
    `Images: ${imageFacts(pictures)}`,
  ];
}

/** `(bedrock_agent 1, sequential 1)` */
function methods(answers: readonly CampaignAnswer[]): string {
  const all = Map.groupBy(answers, ({ generation_method: method }) => method);
  return `(${[...all].map(([method, of]) => `${method} ${of.length}`).join(", ")})`;
}

function facts(answers: readonly CampaignAnswer[]): string {
  const count = (of: (answer: CampaignAnswer) => readonly unknown[]) =>
    answers.reduce((sum, answer) => sum + of(answer).length, 0);
  const markets = new Set(answers.flatMap(({ campaigns }) => campaigns.map(({ market }) => market)));
  const models = new Set(answers.map(({ model: { id, offline } }) => (offline ? `${id}, offline` : id)));
  return [
    `markets ${[...markets].join(", ")}`,
    `ideas ${count((answer) => answer.content_ideas)}, campaigns ${count((answer) => answer.campaigns)}`,
    `videos ${count((answer) => answer.product.videos)}`,
    `model ${[...models].join("; ")}`,
  ].join("; ");
}

function seen({ labels }: CampaignAnswer["product"]): string {
  const names = labels.map(({ name }) => name);
  return names.length === 0 ? "nothing seen" : `seen: ${names.slice(0, 4).join(", ")}`;
}

function imageFacts(pictures: readonly DrawnPicture[]): string {
  const drawn = pictures.flatMap(({ status }) => (status.status === "completed" ? [status] : []));
  const failed = pictures.length - drawn.length;
  const [first] = drawn;
  return [`${drawn.length} completed, ${failed} failed`, ...(first === undefined ? [] : [first.s3_url])].join(
    "; ",
  );
}
