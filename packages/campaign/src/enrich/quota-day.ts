const HOUR_MS = 60 * 60 * 1000;

const clock = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  hourCycle: "h23",
});

function inLosAngeles(at: Date): Record<string, number> {
  return Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
}

/**
 * The next midnight of Los Angeles: then YouTube's quota begins anew.
 * https://developers.google.com/youtube/v3/getting-started#quota
 */
export function nextQuotaDay(now: Date): Date {
  const { year = 0, month = 1, day = 1 } = inLosAngeles(now);
  // Midnight there is 7 o'clock of UTC in summer, 8 in winter. The clocks change later in the night.
  const summer = new Date(Date.UTC(year, month - 1, day + 1, 7));
  return inLosAngeles(summer).hour === 0 ? summer : new Date(summer.getTime() + HOUR_MS);
}
