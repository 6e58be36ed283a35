import { ErrorNames } from "@penstock/runtime/errors";
import {
  type CampaignTasksOf,
  type campaignTasks,
  checkArguments,
  lostCall,
  lostStep,
  notSo,
  ofCampaign,
} from "./campaign-tasks.ts";
import { flow, jsonata } from "./define.ts";
import { retryDynamo, retryLambda, retryModelShort, retryTool } from "./retries.ts";

/** What the sequence works with: functions by ARN. */
export interface CampaignSequenceOf extends CampaignTasksOf {
  readonly analyseImage: string;
  readonly enrichData: string;
  readonly understandMarket: string;
  readonly synthesiseCampaign: string;
  readonly checkCampaign: string;
  /** Markets that a model is asked about side by side. */
  readonly marketConcurrency: number;
}

/**
 * Tier 2: the same functions one after the other, and a campaign written from what they found. Each looks first whether its
 * part is in the record already. Begins at `AnalyseImage`, ends in `HasImages` with `$checked`, or in `RecordRun` for a
 * picture that cannot be looked at.
 */
export function campaignSequence(
  resources: CampaignSequenceOf,
  { invoke, note }: ReturnType<typeof campaignTasks>,
) {
  const { modelTaskSeconds } = resources;
  const asking = { seconds: modelTaskSeconds, retry: [retryLambda, retryModelShort] };

  return {
    AnalyseImage: {
      ...invoke(resources.analyseImage, ofCampaign),
      Catch: [{ ErrorEquals: [ErrorNames.UnusableImage], Next: "RecordRefused" }],
      Next: "EnrichData",
    },
    EnrichData: {
      // A campaign goes out without videos: nobody waits for four tries of half a minute.
      ...invoke(resources.enrichData, ofCampaign, { retry: [retryTool] }),
      Comment: "That YouTube does not answer is no failure of it",
      Catch: [
        {
          ErrorEquals: lostStep,
          Assign: {
            missing: jsonata(
              "$append($missing, [{'step': 'data_enrichment', 'market': null, 'reason': $states.errorOutput.Error}])",
            ),
          },
          Next: "UnderstandMarkets",
        },
      ],
      Next: "UnderstandMarkets",
    },
    UnderstandMarkets: {
      Type: "Map",
      Comment: "A market whose step is lost is told in the answer",
      Items: jsonata("$markets"),
      ItemSelector: { ...ofCampaign, market: jsonata("$states.context.Map.Item.Value") },
      MaxConcurrency: resources.marketConcurrency,
      ItemProcessor: flow("UnderstandMarket", {
        UnderstandMarket: {
          ...invoke(resources.understandMarket, jsonata("$states.input"), asking),
          Catch: [
            {
              ErrorEquals: lostCall,
              Output: {
                missing: {
                  step: "cultural_intelligence",
                  market: jsonata("$states.input.market"),
                  reason: jsonata("$states.errorOutput.Error"),
                },
                tokens: 0,
                cost_usd: 0,
              },
              Next: "LostMarket",
            },
          ],
          Output: {
            tokens: jsonata("$states.result.Payload.tokens"),
            cost_usd: jsonata("$states.result.Payload.cost_usd"),
          },
          End: true,
        },
        LostMarket: { Type: "Pass", Comment: "Its code and the error's name", End: true },
      }),
      Assign: {
        missing: jsonata("$append($missing, [$states.result.missing])"),
        tokens: jsonata("$tokens + $sum([$states.result.tokens])"),
        cost_usd: jsonata("$cost_usd + $sum([$states.result.cost_usd])"),
      },
      Next: "ReadProduct",
    },
    ReadProduct: {
      Type: "Task",
      Comment: "All that was found out, by whichever tier",
      Resource: "arn:aws:states:::dynamodb:getItem",
      Arguments: {
        TableName: resources.productsTable,
        Key: { product_id: { S: jsonata("$product_id") } },
        ConsistentRead: true,
      },
      TimeoutSeconds: 30,
      Retry: [retryDynamo],
      Assign: { item: jsonata("$states.result.Item") },
      Next: "Synthesise",
    },
    Synthesise: {
      ...invoke(
        resources.synthesiseCampaign,
        { ...ofCampaign, item: jsonata("$item"), missing: jsonata("$missing") },
        asking,
      ),
      Assign: {
        draft: jsonata("$states.result.Payload.draft"),
        model: jsonata("$states.result.Payload.model"),
        tokens: jsonata("$tokens + $states.result.Payload.tokens"),
        cost_usd: jsonata("$cost_usd + $states.result.Payload.cost_usd"),
      },
      Next: "Check",
    },
    Check: {
      ...invoke(resources.checkCampaign, checkArguments(jsonata("$draft"), "sequential", jsonata("$reason"))),
      Comment: "There is no other way from here: what cannot be taken fails, and is redriven",
      Assign: { checked: jsonata("$states.result.Payload") },
      Next: "HasImages",
    },
    RecordRefused: {
      ...note({ status: { S: "failed" }, reason: { S: "image_unreadable" } }),
      Comment: "The picture cannot be looked at: nobody's fault but the picture's",
      Catch: [{ ErrorEquals: notSo, Next: "Gone" }],
      Assign: { status: "REFUSED" },
      Next: "RecordRun",
    },
  } as const;
}
