import { fieldFaults } from "@penstock/contracts";
import * as v from "valibot";
import { Problem } from "./problem.ts";

/** As many fields are named in the sentence; all of them are in the errors. */
const NAMED = 10;

/**
 * A value from outside, by its contract.
 *
 * @param whole what the value is, where the fault lies in no field of it: `body`
 * @throws {Problem} `invalid-input`, with every field that is wrong
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  whole: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const fields = fieldFaults(schema, value, whole);
  const more = fields.length - NAMED;
  const names = fields
    .slice(0, NAMED)
    .map(({ field }) => field)
    .concat(more > 0 ? [`and ${more} more`] : [])
    .join(", ");
  throw new Problem("invalid-input", `Wrong: ${names}. See errors for what to give instead.`, { fields });
}
