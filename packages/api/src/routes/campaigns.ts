import {
  CampaignAnswer,
  CampaignId,
  CampaignRequest,
  CampaignRunning,
  CampaignState,
} from "@penstock/contracts";
import * as v from "valibot";
import { storeUse } from "../cache-control.ts";
import { requireCaller } from "../caller.ts";
import { checked } from "../checked.ts";
import { route } from "../route.ts";
import { campaigners } from "../scopes.ts";

/** A picture of 4 MiB in base64, and the words around it: Lambda takes 6 MB with the event around it. */
const CAMPAIGN_BYTES = 5.75 * 1024 * 1024;

/** Two people may share a browser, and its cache: what it keeps is whose token asked for it. */
const VARY = { vary: "authorization" };

/** Seconds after which it is worth asking again for a campaign that is being made. */
const RETRY_AFTER = "3";

export const makeCampaign = route({
  method: "POST",
  path: "/api/campaign/tier-1",
  operation: "makeCampaign",
  summary: "Make a campaign for a product",
  description: `From the product's picture, videos about it, and what is known of the markets. An equal request of the same user within a day is answered with the same campaign, unless Cache-Control says otherwise: \`no-store\` keeps and takes nothing, \`no-cache\` makes a new one, \`max-age=N\` takes one of at most N seconds; anything else, \`only-if-cached\` too, has no meaning here. The body has at most ${CAMPAIGN_BYTES / 1024} KiB: a larger picture is uploaded before. What is made is the user's own, by their token.`,
  scopes: campaigners,
  params: v.strictObject({}),
  query: v.strictObject({}),
  headers: v.strictObject({
    "cache-control": v.optional(
      v.pipe(v.string(), v.description("no-store, no-cache, max-age=<seconds>: of kept campaigns")),
    ),
  }),
  body: [{ name: "CampaignRequest", schema: CampaignRequest }],
  bodyLimitBytes: CAMPAIGN_BYTES,
  answer: {
    status: 200,
    description: "The campaign",
    name: "CampaignAnswer",
    schema: CampaignAnswer,
    also: {
      status: 202,
      description:
        "It takes longer than an answer can wait, or many of the caller's wait already: it is at Location when it is made",
      name: "CampaignRunning",
      schema: CampaignRunning,
    },
  },
  problems: ["not-found", "too-large", "unusable-image", "too-many-requests"],
  async handle({ json, caller, arrivedAt, headers }, services) {
    const who = requireCaller(caller);
    const request = checked(CampaignRequest, json(), "body");
    const store = storeUse(headers["cache-control"]);
    const reply = await (await services.campaigns()).make({ caller: who, request, store, arrivedAt });
    if ("running" in reply) {
      const { running } = reply;
      return {
        status: 202,
        body: running,
        headers: {
          "cache-control": "no-store",
          location: running.status_url,
          "retry-after": RETRY_AFTER,
          "x-correlation-id": running.correlation_id,
        },
      };
    }
    const { made, kept } = reply;
    const answered: Record<string, string> = {
      // What is left of it is for whoever reads both: max-age less Age.
      "cache-control": kept === undefined ? "no-store" : `private, max-age=${kept.lifetime}`,
      ...(kept !== undefined && { ...VARY, age: String(kept.age) }),
      "x-correlation-id": made.correlation_id,
    };
    return { body: made, headers: answered };
  },
});

export const showCampaign = route({
  method: "GET",
  path: "/api/campaign/{id}",
  operation: "showCampaign",
  summary: "Show a campaign, or how far it is",
  description: "Of somebody else's there is none.",
  scopes: campaigners,
  params: v.strictObject({ id: CampaignId }),
  query: v.strictObject({}),
  headers: v.strictObject({}),
  answer: {
    status: 200,
    description: "The campaign, how far it is, or why there is none",
    name: "CampaignState",
    schema: CampaignState,
  },
  problems: ["not-found"],
  async handle({ params: { id }, caller }, services) {
    const state = await (await services.campaigns()).show(requireCaller(caller), id);
    const caching =
      state.status === "completed"
        ? { ...VARY, "cache-control": "private, max-age=3600" }
        : { "cache-control": "no-store" };
    return { body: state, headers: { ...caching, "x-correlation-id": state.correlation_id } };
  },
});
