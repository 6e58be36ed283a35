import { UploadForm, UploadFormWanted, UploadId, UploadStatus } from "@penstock/contracts";
import * as v from "valibot";
import { requireCaller } from "../caller.ts";
import { checked } from "../checked.ts";
import { route } from "../route.ts";
import { campaigners } from "../scopes.ts";

const nothing = v.strictObject({});
const headers = { "cache-control": "no-store" };

export const presignUpload = route({
  method: "POST",
  path: "/api/upload/presigned-url",
  operation: "presignUpload",
  summary: "Ask for a form to upload a picture by",
  description:
    "The form takes one picture of the type that is said, to a place of the user's own. Send its fields as they are, the file last, to its URL: S3 ignores what comes after the file.",
  scopes: campaigners,
  params: nothing,
  query: nothing,
  headers: nothing,
  body: [{ name: "UploadFormWanted", schema: UploadFormWanted }],
  answer: {
    status: 200,
    description: "The form, and until when it holds",
    name: "UploadForm",
    schema: UploadForm,
  },
  problems: ["too-large", "too-many-requests"],
  async handle({ json, caller }, services) {
    const who = requireCaller(caller);
    const wanted = checked(UploadFormWanted, json(), "body");
    return { body: await (await services.assets()).uploadForm(who, wanted), headers };
  },
});

export const showUpload = route({
  method: "GET",
  path: "/api/upload/status/{upload_id}",
  operation: "showUpload",
  summary: "Show what arrived by a form",
  description: "Judged by its bytes, not by its name. Of somebody else's there is none.",
  scopes: campaigners,
  params: v.strictObject({ upload_id: UploadId }),
  query: nothing,
  headers: nothing,
  answer: {
    status: 200,
    description: "What arrived, and whether it can be used",
    name: "UploadStatus",
    schema: UploadStatus,
  },
  problems: ["not-found", "too-many-requests"],
  async handle({ params: { upload_id }, caller }, services) {
    return { body: await (await services.assets()).uploadStatus(requireCaller(caller), upload_id), headers };
  },
});
