import { replyJson } from "@penstock/runtime/model";
import * as v from "valibot";
import { Refused } from "./guard/refused.ts";
import { shown } from "./guard/tables.ts";

const Reply = v.union([
  v.strictObject({ sql: v.pipe(v.string(), v.trim(), v.nonEmpty()) }),
  v.strictObject({ cannot: v.pipe(v.string(), v.trim(), v.nonEmpty()) }),
]);

/** Longest reason of a model that is passed on. */
const MOST_REASON = 300;

/**
 * The query in a model's reply: `{"sql": …}`, bare or in one fence.
 * @throws {Refused} not_answerable when the model says so, no_query for any other form
 */
export function readReply(reply: string): string {
  const parsed = v.safeParse(Reply, replyJson(reply));
  if (!parsed.success)
    throw new Refused(
      "no_query",
      'The reply is not {"sql": "SELECT …"} or {"cannot": "…"} and nothing else.',
    );
  const { output } = parsed;
  if ("sql" in output) return output.sql.replace(/\s*;\s*$/, "");
  const reason = output.cannot.slice(0, MOST_REASON).split(/\s+/).map(shown).join(" ");
  throw new Refused("not_answerable", `The model finds no answer in the marts: ${reason}`);
}
