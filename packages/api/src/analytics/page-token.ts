import { BuildName } from "@penstock/contracts";
import { InvalidPageToken } from "@penstock/runtime/executions";
import * as v from "valibot";

/** Where the next page begins. It names the build, so that pages fit together when a new build comes in between. */
const Position = v.strictObject({
  build: BuildName,
  /** Place of the first row to look at, among all rows of the report. */
  row: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** What the pages are of: system, report and filters. */
  of: v.string(),
});
export type Position = v.InferOutput<typeof Position>;

export function writeToken(position: Position): string {
  return Buffer.from(JSON.stringify(position), "utf8").toString("base64url");
}

/** @param of what is asked for now: a token of other rows is refused. @throws {InvalidPageToken} */
export function readToken(token: string, of: string): Position {
  const position = v.safeParse(Position, decoded(token));
  if (!position.success || position.output.of !== of) throw new InvalidPageToken();
  return position.output;
}

function decoded(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
