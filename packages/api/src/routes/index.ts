import type { Route } from "../route.ts";
import { askTheCopilot } from "./ask-the-copilot.ts";
import { requestImage, showImage } from "./assets.ts";
import { makeCampaign, showCampaign } from "./campaigns.ts";
import { describeApi } from "./describe-api.ts";
import { erasePerson, listFiles, placeUpload, readPersonas, registerPerson } from "./exports.ts";
import {
  readItemFeatures,
  readItemFeaturesBatch,
  readUserFeatures,
  readUserFeaturesBatch,
} from "./features.ts";
import { listExecutions } from "./list-executions.ts";
import { readReport } from "./read-report.ts";
import { redriveExecution } from "./redrive-execution.ts";
import { sendInteractions } from "./send-interactions.ts";
import { showAnalytics } from "./show-analytics.ts";
import { showExecution } from "./show-execution.ts";
import { startExecution } from "./start-execution.ts";
import { presignUpload, showUpload } from "./uploads.ts";

/**
 * Every route of the API. The app serves them, the description describes them and the deployment makes a route in API
 * Gateway of each, with its scopes: a new route is a file here and its line in this list.
 */
export const routes: readonly Route[] = [
  startExecution,
  listExecutions,
  showExecution,
  redriveExecution,
  showAnalytics,
  readReport,
  askTheCopilot,
  sendInteractions,
  readUserFeatures,
  readUserFeaturesBatch,
  readItemFeatures,
  readItemFeaturesBatch,
  registerPerson,
  placeUpload,
  listFiles,
  readPersonas,
  erasePerson,
  makeCampaign,
  showCampaign,
  requestImage,
  showImage,
  presignUpload,
  showUpload,
  describeApi,
];
