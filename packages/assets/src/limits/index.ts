/** How much somebody may do. */
export { dynamoRateLimits } from "./dynamo-rate-limits.ts";
export type { Permit, RateLimits } from "./rate-limits.ts";
