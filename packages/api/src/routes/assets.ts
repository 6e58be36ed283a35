import { ImageId, ImageQueued, ImageRequest, ImageStatus } from "@penstock/contracts";
import * as v from "valibot";
import { requireCaller } from "../caller.ts";
import { checked } from "../checked.ts";
import { route } from "../route.ts";
import { campaigners } from "../scopes.ts";

const nothing = v.strictObject({});
const headers = { "cache-control": "no-store" };

export const requestImage = route({
  method: "POST",
  path: "/api/assets/",
  operation: "requestImage",
  summary: "Ask for a picture to be drawn",
  description: "It is drawn, and paid for, at most once. Ask at `status_url` how it stands.",
  scopes: campaigners,
  params: nothing,
  query: nothing,
  headers: nothing,
  body: [{ name: "ImageRequest", schema: ImageRequest }],
  answer: {
    status: 202,
    description: "It is going to be drawn",
    name: "ImageQueued",
    schema: ImageQueued,
  },
  problems: ["too-large", "too-many-requests"],
  async handle({ json, caller }, services) {
    const who = requireCaller(caller);
    const wanted = checked(ImageRequest, json(), "body");
    const queued = await (await services.assets()).requestImage(who, wanted);
    return { body: queued, headers: { ...headers, location: queued.status_url } };
  },
});

export const showImage = route({
  method: "GET",
  path: "/api/assets/{request_id}",
  operation: "showImage",
  summary: "Show how a picture stands that was asked for",
  description:
    "Of somebody else's there is none, nor of one that was asked for over 30 days ago: the picture itself stays.",
  scopes: campaigners,
  params: v.strictObject({ request_id: ImageId }),
  query: nothing,
  headers: nothing,
  answer: {
    status: 200,
    description: "How it stands: where it is to be had, or why it was not drawn",
    name: "ImageStatus",
    schema: ImageStatus,
  },
  problems: ["not-found"],
  async handle({ params: { request_id }, caller }, services) {
    const status = await (await services.assets()).imageStatus(requireCaller(caller), request_id);
    return { body: status, headers };
  },
});
