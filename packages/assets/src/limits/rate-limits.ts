import type { Rate } from "../settings.ts";

/** Whether something may be done now. */
export type Permit = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

/** Buckets of tokens, one for each user and kind of request. */
export interface RateLimits {
  /**
   * Takes a token, if there is one.
   * @param bucket whose and for what: `image#<subject>`
   * @param now milliseconds since the epoch
   */
  take(bucket: string, rate: Rate, now: number): Promise<Permit>;
}
