/** Where a letter of a pattern stands in `2026-11-21T08:05:03.000Z`. */
const PLACES: Readonly<Record<string, readonly [start: number, end: number]>> = {
  yyyy: [0, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
  mm: [14, 16],
  ss: [17, 19],
};

/**
 * A pattern of Java's DateTimeFormatter, in UTC, as far as years, months, days, hours, minutes and seconds with all their
 * digits go.
 *
 * @returns undefined for a pattern with anything else
 */
export function javaTime(pattern: string): ((moment: Date) => string) | undefined {
  const pieces = pattern.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  if (pieces.join("") !== pattern) return undefined;
  if (pieces.some((piece) => /^[A-Za-z]/.test(piece) && PLACES[piece] === undefined)) return undefined;
  return (moment) =>
    pieces
      .map((piece) => {
        const place = PLACES[piece];
        if (place !== undefined) return moment.toISOString().slice(...place);
        return piece.startsWith("'") ? piece.slice(1, -1) : piece;
      })
      .join("");
}
