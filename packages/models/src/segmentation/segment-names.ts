/** Where a segment stands against the average customer, each above 0 for the better half: later, more often, more. */
export interface Standing {
  readonly recency: number;
  readonly frequency: number;
  readonly spend: number;
}

/** Keys: recent or not, often or not, much or little. */
const names: Readonly<Record<string, string>> = {
  RFM: "champions",
  RFm: "loyal, small baskets",
  RfM: "recent big spenders",
  Rfm: "new or occasional",
  rFM: "at risk",
  rFm: "slipping regulars",
  rfM: "lapsed big spenders",
  rfm: "lost",
};

/**
 * A name for each segment, from its place alone, so that the same customers get the same name whatever number k-means
 * gave them. Two segments with one name are told apart by their spend: the higher keeps "1", the next "2", and so on.
 */
export function segmentNames(standings: readonly Standing[]): string[] {
  const plain = standings.map(({ recency, frequency, spend }) => {
    const key = `${recency > 0 ? "R" : "r"}${frequency > 0 ? "F" : "f"}${spend > 0 ? "M" : "m"}`;
    return names[key] ?? key;
  });
  return plain.map((name, index) => {
    const spend = standings[index]?.spend ?? 0;
    const same = standings.filter((_, other) => plain[other] === name);
    if (same.length === 1) return name;
    const before = standings.filter(
      (other, place) =>
        plain[place] === name && (other.spend > spend || (other.spend === spend && place < index)),
    );
    return `${name} ${before.length + 1}`;
  });
}
