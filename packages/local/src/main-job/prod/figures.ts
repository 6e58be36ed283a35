/** `1234567.8` → `1,234,568`; small numbers keep two digits that say something. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

/** A share of 0 to 1 in percent: `0.1234` → `12 %`, `0.004` → `0.4 %`. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value === 0 || Math.abs(value) >= 10 ? 0 : Math.abs(value) >= 0.1 ? 1 : 2;
  return `${value.toLocaleString("en-US", { maximumFractionDigits: digits })} %`;
}

/** A change with its sign: `0.05` → `+5 %`. */
export function change(share: number): string {
  return share > 0 ? `+${percent(share)}` : percent(share);
}

/** The value below which the share `p` of sorted values lies, by the nearest rank. */
export function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? 0;
}

/** How many values lie in each of `bins` equal parts between two bounds; what lies outside is in the first or last. */
export function histogram(values: readonly number[], from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const width = (to - from) / bins;
  for (const value of values) {
    const bin = width > 0 ? Math.floor((value - from) / width) : 0;
    const place = Math.min(bins - 1, Math.max(0, bin));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
