/** One number held against a published one. */
export interface Check {
  readonly ours: number;
  /** The bar as text, with its sign: "≥ 0.84". */
  readonly reference: string;
  readonly ok: boolean;
}

export type Checks = Readonly<Record<string, Check>>;

/** A number that must be at least the bar. A missing one fails. */
export function atLeast(ours: number | undefined, bar: number): Check {
  return { ours: ours ?? Number.NaN, reference: `≥ ${bar}`, ok: ours !== undefined && ours >= bar };
}

/** A number that must be at most the bar. A missing one fails. */
export function atMost(ours: number | undefined, bar: number): Check {
  return { ours: ours ?? Number.NaN, reference: `≤ ${bar}`, ok: ours !== undefined && ours <= bar };
}

/** A number that must be within a share of the reference. A missing one fails. */
export function within(ours: number | undefined, reference: number, share: number): Check {
  return {
    ours: ours ?? Number.NaN,
    reference: `${reference} ± ${Number((share * 100).toFixed(4))} %`,
    ok: ours !== undefined && Math.abs(ours - reference) <= share * Math.abs(reference),
  };
}

/** A number that must be from one bar to another. A missing one fails. */
export function between(ours: number | undefined, least: number, most: number): Check {
  return {
    ours: ours ?? Number.NaN,
    reference: `${least} to ${most}`,
    ok: ours !== undefined && ours >= least && ours <= most,
  };
}
