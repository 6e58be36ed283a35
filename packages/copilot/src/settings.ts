import * as v from "valibot";

const name = v.pipe(v.string(), v.nonEmpty());
const most = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What the deployment links to the copilot, as `Copilot`. */
export const CopilotSettings = v.object({
  /** Bucket of the marts and of their builds' manifests. */
  martsBucket: name,
  /** Bucket of the asked questions. */
  copilotBucket: name,
  /** Glue's database of the marts. */
  database: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9_]+$/, "a name of Glue's: small letters, digits, underscores"),
  ),
  /** Athena's workgroup, which says where results go and where a scan is cut off. */
  workgroup: name,
  /** DynamoDB table of the current builds. */
  buildsTable: name,
  /** A model or an inference profile of Bedrock's. */
  modelId: name,
  modelRegion: name,
  /** Most bytes of Parquet objects that a question may read. */
  maxBytes: most,
  /** Most rows of an answer. */
  maxRows: v.pipe(most, v.maxValue(999)),
  /** Seconds after which a query is stopped. An HTTP API waits for 30 in all. */
  maxSeconds: most,
  /** Seconds after which a reply of the model is given up; a question needs one or two. */
  modelSeconds: most,
});
export type CopilotSettings = v.InferOutput<typeof CopilotSettings>;
