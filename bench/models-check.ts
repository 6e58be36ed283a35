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
