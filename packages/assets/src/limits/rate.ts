import type { Rate } from "../settings.ts";

/**
 * A bucket of tokens as one time, in milliseconds: when it would be full again. A token taken moves that time on by what one takes
 * to come back. Two numbers that are read and written as one would be two more chances for two requests to take the same token.
 */
export interface TokenTimes {
  /** How long one token takes to come back. */
  readonly perToken: number;
  /** How far ahead of now the time may lie, so that there is still a token. */
  readonly ahead: number;
}

/** The times of a rate. */
export function tokenTimes({ burst, perHour }: Rate): TokenTimes {
  const perToken = Math.ceil((60 * 60 * 1000) / perHour);
  return { perToken, ahead: (burst - 1) * perToken };
}

/** Whole seconds until a bucket whose time lies at `full` has a token again, at least one. */
export function secondsUntilToken(full: number, { ahead }: TokenTimes, now: number): number {
  return Math.max(1, Math.ceil((full - ahead - now) / 1000));
}
