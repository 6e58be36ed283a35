import * as v from "valibot";

const Output = v.object({ status: v.string() });

/** What an execution that succeeded says that it did, as EMPTY or COALESCED: the `status` of its output, if it has one. */
export function outcomeOf(output: unknown): string {
  const said = v.safeParse(Output, output);
  return said.success ? said.output.status : "SUCCEEDED";
}
