import { resource, type TaskContext, task } from "@penstock/runtime";
import { clients } from "@penstock/runtime/aws";
import * as v from "valibot";
import { dynamoVideoCache } from "../enrich/dynamo-video-cache.ts";
import { enrichData } from "../enrich/enrich-data.ts";
import { youtubeApi } from "../enrich/youtube-api.ts";
import type { EnrichPorts } from "../ports.ts";
import { EnrichDataInput } from "../task-inputs.ts";
import { campaignPorts } from "./campaign-ports.ts";

/** What stands in the secret until somebody sets it. */
const NOT_SET = "not-set";

const Secret = v.object({ value: v.string() });

function enrichPorts(context: TaskContext): EnrichPorts {
  const ports = campaignPorts(context);
  const { cacheTable, youtube } = ports.settings;
  const { value: key } = resource("YouTubeKey", Secret);
  return {
    ...ports,
    cache: dynamoVideoCache(clients.dynamo, cacheTable),
    youtube: key === NOT_SET || key === "" ? undefined : youtubeApi({ ...youtube, key }),
  };
}

/** Looks for videos about a product. */
export const handler = task(EnrichDataInput, async (input, context) => {
  const enriched = await enrichData(input, enrichPorts(context));
  context.log.info("videos looked for", { state: enriched.state, videos: enriched.videos });
  return enriched;
});
