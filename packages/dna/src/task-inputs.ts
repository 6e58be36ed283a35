import { dnaCategories, ErrorCode, FailedChunk, FileName, UserId } from "@penstock/contracts";
import { isS3Uri, type S3Uri } from "@penstock/runtime";
import * as v from "valibot";

const text = v.pipe(v.string(), v.minLength(1));
const uri = v.custom<S3Uri>(isS3Uri, "an S3 URI");
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What Read is given. The name may be any key's end: Read judges it. */
export const ReadExportInput = v.strictObject({
  run_id: text,
  user: UserId,
  file: v.string(),
  by_hand: v.boolean(),
});
export type ReadExportInput = v.InferOutput<typeof ReadExportInput>;

/** What the categorising of a chunk is given: where Read wrote the plan, and which of its chunks. */
export const CategoriseChunkInput = v.strictObject({
  run_id: text,
  user: UserId,
  file: FileName,
  plan: uri,
  chunk: count,
});
export type CategoriseChunkInput = v.InferOutput<typeof CategoriseChunkInput>;

/** What the writing of a document is given: the plan, and the chunks that failed, by the name of the error. */
export const WriteDocumentInput = v.strictObject({
  run_id: text,
  user: UserId,
  file: FileName,
  plan: uri,
  failed: v.array(FailedChunk),
});
export type WriteDocumentInput = v.InferOutput<typeof WriteDocumentInput>;

/** What the loading of a person's documents is given. */
export const LoadPersonasInput = v.strictObject({
  run_id: text,
  user: UserId,
  /** The execution's ARN: what a build goes by lies under a name of its own. */
  execution: text,
});
export type LoadPersonasInput = v.InferOutput<typeof LoadPersonasInput>;

const type = v.picklist(dnaCategories);

/** What the update of one type is given: where Load wrote what is to be done. */
export const UpdatePersonaInput = v.strictObject({ run_id: text, user: UserId, plan: uri, type });
export type UpdatePersonaInput = v.InferOutput<typeof UpdatePersonaInput>;

/** What the saving is given: the plan, and the types that failed, by the name of the error. */
export const SavePersonasInput = v.strictObject({
  run_id: text,
  user: UserId,
  plan: uri,
  failed: v.array(v.strictObject({ type, error: ErrorCode })),
});
export type SavePersonasInput = v.InferOutput<typeof SavePersonasInput>;

/** What the erasing of a person is given. */
export const ForgetPersonInput = v.strictObject({ run_id: text, user: UserId });
export type ForgetPersonInput = v.InferOutput<typeof ForgetPersonInput>;
