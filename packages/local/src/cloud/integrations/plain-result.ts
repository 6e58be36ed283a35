/** How instants stand in a result: SDK integrations give ISO 8601, the optimised ones epoch milliseconds. */
export type DateForm = "iso" | "milliseconds";

function isStream(value: object): value is { transformToString(): Promise<string> } {
  return "transformToString" in value && typeof value.transformToString === "function";
}

/** As Java prints an instant: no fraction when it is zero. */
function iso(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

/**
 * An SDK's answer as Step Functions gives it to a state: bodies and blobs are text, absent members are absent, and
 * members are in PascalCase (only Step Functions' own API has others).
 */
export async function plainResult(value: unknown, dates: DateForm, capitalise: boolean): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return dates === "iso" ? iso(value) : value.getTime();
  if (isStream(value)) return value.transformToString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (Array.isArray(value)) return Promise.all(value.map((each) => plainResult(each, dates, capitalise)));
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const shown = capitalise ? name.charAt(0).toUpperCase() + name.slice(1) : name;
    members.push([shown, await plainResult(member, dates, capitalise)]);
  }
  return Object.fromEntries(members);
}
