const DAY_MS = 86_400_000;

/** Months (`YYYY-MM`) from one to another, both included; none when the first is the later. */
export function monthsBetween(first: string, last: string): string[] {
  const size = monthNumber(last) - monthNumber(first) + 1;
  return Array.from({ length: Math.max(0, size) }, (_, i) => monthAfter(first, i));
}

/** Days (`YYYY-MM-DD`) from one to another, both included. */
export function daysBetween(first: string, last: string): string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: Math.max(0, daysFrom(first, last) + 1) }, (_, i) =>
    new Date(start + i * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Days from one day to another; below 0 when the first is the later. */
export function daysFrom(first: string, last: string): number {
  return (Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS;
}

/** The month so many months later, or earlier for a number below 0. */
export function monthAfter(month: string, months: number): string {
  const number = monthNumber(month) + months;
  return `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
}

/** Days that a month has. */
export function daysIn(month: string): number {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();
}

function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}
