import { ReportPage } from "@penstock/contracts";
import * as v from "valibot";
import { route } from "../route.ts";
import { analysts } from "../scopes.ts";
import { systemName } from "./show-analytics.ts";

const MOST = 1000;
const USUAL = 100;

export const readReport = route({
  method: "GET",
  path: "/api/analytics/{system}/{report}",
  operation: "readReport",
  summary: "Read the rows of a report",
  description:
    "Of the current build. Pages that follow by their token are of the same build, whatever is built in between.",
  scopes: analysts,
  params: v.strictObject({
    system: systemName,
    report: v.pipe(v.string(), v.description("The report, as the system's overview names it")),
  }),
  query: v.objectWithRest(
    {
      limit: v.optional(
        v.pipe(
          v.string(),
          v.regex(/^([1-9][0-9]{0,2}|1000)$/, `Give a whole number from 1 to ${MOST}.`),
          v.description(`At most so many rows, from 1 to ${MOST}; ${USUAL} if not given`),
        ),
      ),
      token: v.optional(
        v.pipe(
          v.string(),
          v.description("`next_token` of the page before. Repeat the other parameters with it"),
        ),
      ),
    },
    v.pipe(
      v.string(),
      v.description("Columns of the report with the value that the rows are to have: `region=SP`"),
    ),
  ),
  headers: v.strictObject({
    "if-none-match": v.optional(
      v.pipe(v.string(), v.description("The `ETag` of an answer that the caller has")),
    ),
  }),
  answer: { status: 200, description: "A page of rows", name: "ReportPage", schema: ReportPage },
  tagged: true,
  problems: ["not-found", "not-built", "gone"],
  async handle({ params, query: { limit, token, ...filters }, headers }, services) {
    const analytics = await services.analytics();
    const found = await analytics.find({
      ...params,
      filters,
      limit: limit === undefined ? USUAL : Number(limit),
      token,
    });
    const cached = {
      etag: found.etag,
      // Private: an answer may be of persons, and another caller's token may not do.
      "cache-control": `private, max-age=${analytics.maxAgeSeconds}`,
    };
    if (matches(headers["if-none-match"], found.etag)) return { status: 304, body: null, headers: cached };
    return { body: await found.read(), headers: cached };
  },
});

/** Whether an If-None-Match names the tag, by the weak comparison that it asks for. Source: RFC 9110, 13.1.2 */
function matches(sent: string | undefined, etag: string): boolean {
  return (sent ?? "").split(",").some((tag) => [etag, `W/${etag}`, "*"].includes(tag.trim()));
}
