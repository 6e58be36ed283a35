import type { Prompt } from "@penstock/runtime/model";
import { campaignAgentV1 } from "./campaign-agent-v1.ts";
import { culturalV1 } from "./cultural-v1.ts";
import { synthesiseV1 } from "./synthesise-v1.ts";

export { campaignAgentV1, culturalV1, synthesiseV1 };

/** Every prompt of campaigns that there is or was. A version never changes: a test has their digests. */
export const campaignPrompts: readonly Prompt[] = [campaignAgentV1, culturalV1, synthesiseV1];
