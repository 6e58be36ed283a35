import { type CampaignAgentOf, campaignAgent } from "./asl/campaign-agent.ts";
import { type CampaignImagesOf, campaignImages } from "./asl/campaign-images.ts";
import { type CampaignSequenceOf, campaignSequence } from "./asl/campaign-sequence.ts";
import { campaignTasks, notSo, ofCampaign } from "./asl/campaign-tasks.ts";
import { define, jsonata } from "./asl/define.ts";
import { counted } from "./asl/feature-tasks.ts";
import type { Definition } from "./asl/states.ts";

/** What `campaign` works with. Functions by ARN, tables by name, the queue by URL. */
export interface CampaignResources extends CampaignAgentOf, CampaignSequenceOf, CampaignImagesOf {
  readonly storeCampaign: string;
  /** Limit of an execution, seconds. */
  readonly runSeconds: number;
}

/**
 * A product's picture, videos and markets looked at, and a campaign written from them: by an agent with tools, whose every
 * step is a state, or, when anything of that fails, by the same functions in sequence.
 *
 * Input: {@link CampaignInput} of `@penstock/contracts`, by the API alone, which has put the product's record.
 * Output: `{ status, product_id, method, reason, turns, tokens, cost_usd, images }`, status SUCCEEDED, PARTIAL (made without
 * something, which the answer names) or REFUSED (the picture cannot be looked at); IGNORED for a product that is not there.
 * The campaign itself is in the record.
 */
export function campaign(resources: CampaignResources): Definition {
  const tasks = campaignTasks(resources);
  const { invoke, note, record } = tasks;
  const { agent } = resources;
  const images = "$count($queued)";
  // A sum of fractions has a tail that nobody means.
  const cost = "$round($cost_usd, 6)";

  return define(
    {
      comment: "A campaign for a product, by an agent with tools or by the same tools in sequence",
      timeoutSeconds: resources.runSeconds,
      startAt: "Accept",
    },
    {
      Accept: {
        Type: "Pass",
        Assign: {
          run_id: jsonata("$states.input.correlation_id"),
          product_id: jsonata("$states.input.product_id"),
          markets: jsonata("[$states.input.markets]"),
          tier: jsonata("$states.input.tier"),
          conversation: [{ Role: "user", Content: [{ Text: jsonata("$states.input.message") }] }],
          model: { id: agent.modelId, offline: false },
          method: "bedrock_agent",
          reason: null,
          missing: [],
          queued: [],
          known: [],
          turns: 0,
          calls_made: 0,
          tokens: 0,
          cost_usd: 0,
        },
        Next: "Begin",
      },
      Begin: {
        ...note({ execution: { S: jsonata("$states.context.Execution.Id") } }),
        Catch: [{ ErrorEquals: notSo, Next: "Gone" }],
        Next: "Tier",
      },
      Gone: {
        Type: "Succeed",
        Comment: "There is no such product, or it is another execution's",
        Output: { status: "IGNORED", product_id: jsonata("$product_id") },
      },
      Tier: {
        Type: "Choice",
        Choices: [
          { Condition: jsonata("$tier = 2"), Next: "NoAgent" },
          // Instead of leaving the agent's states out: their limits and prompts are then still seen in the console.
          ...(agent.available
            ? []
            : [
                {
                  Condition: jsonata("$tier = 1"),
                  Assign: { reason: "not_available" },
                  Next: "FallBack",
                } as const,
              ]),
        ],
        Default: "Measure",
      },
      NoAgent: {
        Type: "Pass",
        Comment: "Somebody asked for the sequence",
        Assign: { method: "sequential", reason: "asked_for" },
        Next: "AnalyseImage",
      },

      ...campaignAgent(resources, tasks),
      ...campaignSequence(resources, tasks),
      ...campaignImages(resources),

      Store: {
        ...invoke(resources.storeCampaign, {
          ...ofCampaign,
          campaign: jsonata("$checked.campaign"),
          queued: jsonata("$queued"),
          tokens: jsonata("$tokens"),
          cost_usd: jsonata(cost),
        }),
        Assign: {
          status: jsonata("$count($states.result.Payload.incomplete) > 0 ? 'PARTIAL' : 'SUCCEEDED'"),
        },
        Next: "RecordRun",
      },
      RecordRun: {
        ...record({
          status: { S: jsonata("$status") },
          method: { S: jsonata("$method") },
          reason: jsonata("$reason = null ? { 'NULL': true } : { 'S': $reason }"),
          turns: counted("$turns"),
          tokens: counted("$tokens"),
          cost_usd: counted(cost),
          images: counted(images),
        }),
        Output: {
          status: jsonata("$status"),
          product_id: jsonata("$product_id"),
          method: jsonata("$method"),
          reason: jsonata("$reason"),
          turns: jsonata("$turns"),
          tokens: jsonata("$tokens"),
          cost_usd: jsonata(cost),
          images: jsonata(images),
        },
        Next: "Done",
      },
      Done: { Type: "Succeed" },
    },
  );
}
