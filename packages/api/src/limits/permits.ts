import type { RateLimits } from "@penstock/assets/limits";
import type { Caller } from "@penstock/contracts";
import { Problem } from "../problem.ts";

/** What is limited, each by a bucket of its own for each user. */
export type Limited = "campaign" | "image" | "upload";

export interface PermitPorts<Kind extends Limited> {
  readonly limits: RateLimits;
  readonly rates: Readonly<Record<Kind, { readonly burst: number; readonly perHour: number }>>;
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
    const { burst, perHour } = rates[kind];
    const permit = await limits.take(`${kind}#${subject}`, { burst, perHour }, now());
    if (permit.ok) return;
    onLimited(kind);
    const wait = permit.retryAfterSeconds;
    throw new Problem(
      "too-many-requests",
      `At most ${burst} at once and ${perHour} an hour. Try again in ${wait} seconds.`,
      { headers: { "retry-after": String(wait) } },
    );
  };
}
