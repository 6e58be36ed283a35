import { task } from "@penstock/runtime";
import { UndeliverableInput, undeliverable } from "../undeliverable.ts";
import { featuresPorts } from "./features-ports.ts";

/** What Firehose put aside: told, and delivered when asked. */
export const handler = task(UndeliverableInput, async (input, context) => {
  const found = await undeliverable(input, featuresPorts(context));
  const { objects, records, deliverable, left } = found;
  context.log.info("undeliverable interactions", {
    deliver: input.deliver,
    objects,
    records,
    deliverable,
    left,
  });
  return found;
});
