/** One number held against a published one. */
export interface Check {
  /** Null where there is no finite number; such a check is not met. */
  readonly ours: number | null;
  /** The published value, or the bar itself. */
  readonly reference: number;
  /** How ours is held against it, for people: "≥ 0.84". */
  readonly bar: string;
  readonly ok: boolean;
}

export type Checks = Readonly<Record<string, Check>>;

/** A number that must be at least the bar. One that is missing or not finite fails, as with all of these. */
export function atLeast(ours: number | undefined, bar: number): Check {
  return checked(ours, bar, `≥ ${short(bar)}`, (one) => one >= bar);
}

/** A number that must be at most the bar. */
export function atMost(ours: number | undefined, bar: number): Check {
  return checked(ours, bar, `≤ ${short(bar)}`, (one) => one <= bar);
}

/** A number that must be within a share of the reference. */
export function within(ours: number | undefined, reference: number, share: number): Check {
  return checked(ours, reference, `${short(reference)} ± ${short(share * 100)} %`, (one) => {
    return Math.abs(one - reference) <= share * Math.abs(reference);
  });
}

/** A number that must be no further from the reference than `most`, in its own unit. */
export function near(ours: number | undefined, reference: number, most: number): Check {
  return checked(ours, reference, `${short(reference)} ± ${short(most)}`, (one) => {
    return Math.abs(one - reference) <= most;
  });
}

function checked(
  ours: number | undefined,
  reference: number,
  bar: string,
  isMet: (ours: number) => boolean,
): Check {
  if (ours === undefined || !Number.isFinite(ours)) return { ours: null, reference, bar, ok: false };
  return { ours, reference, bar, ok: isMet(ours) };
}

function short(value: number): string {
  return `${Number(value.toFixed(4))}`;
}
