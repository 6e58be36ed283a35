import type { RateLimits } from "@penstock/assets/limits";
import type { Rate } from "@penstock/assets/settings";
import type { Caller } from "@penstock/contracts";
import { Problem } from "../problem.ts";

/** What is limited, each by a bucket of its own for each user. */
export type Limited = "campaign" | "image" | "upload" | "judge";

export interface PermitPorts<Kind extends Limited> {
  readonly limits: RateLimits;
  readonly rates: Readonly<Record<Kind, Rate>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of everyone who is sent away. */
  readonly onLimited: (kind: Limited) => void;
}

/** Takes a caller's permit for one more of a kind. @throws {Problem} `too-many-requests`, with the seconds to wait */
export type TakePermit<Kind extends Limited> = (kind: Kind, caller: Caller) => Promise<void>;

export function permits<Kind extends Limited>(ports: PermitPorts<Kind>): TakePermit<Kind> {
  const { limits, rates, now, onLimited } = ports;
  return async (kind, { subject }) => {
    const { [kind]: rate } = rates;
    const permit = await limits.take(`${kind}#${subject}`, rate, now());
    if (permit.ok) return;
    const { burst, perHour } = rate;
    onLimited(kind);
    const wait = permit.retryAfterSeconds;
    throw new Problem(
      "too-many-requests",
      `At most ${burst} at once and ${perHour} an hour. Try again in ${wait} seconds.`,
      { headers: { "retry-after": String(wait) } },
    );
  };
}

/**
 * Whether a caller may wait for a campaign that is being made, by a bucket of its own: who waits keeps a function of the account's
 * busy, and asks for nothing that would take another permit.
 */
export type MayWait = (caller: Caller) => Promise<boolean>;

export function waits({
  limits,
  rate,
  now,
}: Pick<PermitPorts<never>, "limits" | "now"> & { readonly rate: Rate }): MayWait {
  return async ({ subject }) => (await limits.take(`wait#${subject}`, rate, now())).ok;
}
