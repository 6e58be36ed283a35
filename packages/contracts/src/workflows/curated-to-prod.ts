import * as v from "valibot";

/** What `curated-to-prod` is started with by hand: nothing. A build is of all that is curated. */
export const CuratedToProdInput = v.strictObject({});
