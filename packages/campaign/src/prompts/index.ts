import type { Prompt } from "@penstock/runtime/model";
import { campaignAgentV1 } from "./campaign-agent-v1.ts";
import { campaignAgentV2 } from "./campaign-agent-v2.ts";
import { culturalV1 } from "./cultural-v1.ts";
import { synthesiseV1 } from "./synthesise-v1.ts";
import { synthesiseV2 } from "./synthesise-v2.ts";

export { campaignAgentV2, culturalV1, synthesiseV2 };

/** Every prompt of campaigns that there is or was. A version never changes: a test has their digests. */
export const campaignPrompts: readonly Prompt[] = [
  campaignAgentV1,
  campaignAgentV2,
  culturalV1,
  synthesiseV1,
  synthesiseV2,
];
