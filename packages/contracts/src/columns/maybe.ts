import * as v from "valibot";

/** The column must be there, the value may be NULL. */
export function nullable<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullable(schema);
}

/** A file may lack the whole column, and the value may be NULL. */
export function optional<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.nullish(schema);
}
