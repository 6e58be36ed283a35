import { fieldFaults } from "@penstock/contracts";
import * as v from "valibot";
import { Problem } from "./problem.ts";

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
  const names = fields.map(({ field }) => field).join(", ");
  throw new Problem("invalid-input", `Wrong: ${names}. See errors for what to give instead.`, { fields });
}
