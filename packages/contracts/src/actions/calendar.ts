/**
 * The calendar part of ISO 8601 as this lake reads it: years 0001 to 9999, proleptic Gregorian. Written without
 * `Date`, which reads the 30th of February as the 2nd of March.
 */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
