import * as v from "valibot";

/** What `reconcile` is started with by hand: nothing. A pass looks at all that has landed. */
export const ReconcileInput = v.strictObject({});
