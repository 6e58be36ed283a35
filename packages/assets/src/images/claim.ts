import type { ImageError, ImageId, ImageRecord, PendingImage } from "@penstock/contracts";

/** Who draws a picture now, and what their clock says. Times in milliseconds since the epoch. */
export interface Claim {
  /** Of this delivery of a message alone. */
  readonly id: string;
  readonly now: number;
}

/** What is known of a picture once it lies at its key. */
export type DrawnPicture = Pick<
  Extract<ImageRecord, { status: "completed" }>,
  "s3_key" | "s3_url" | "generated_at" | "width" | "height" | "bytes" | "model" | "offline"
>;

/**
 * The records of pictures. Every write goes by a condition and says whether it held; of several at once one is done. A
 * picture is paid for at most once because `asking` can be done once: nothing but `notPaid` takes it back, and that is for whoever
 * asked and was told that nothing was drawn.
 */
export interface ImageRecords {
  /** Puts a record where there is none of its id. */
  create(record: PendingImage): Promise<boolean>;
  /** As of now. @throws {ContractViolation} for what is no record of a picture */
  find(id: ImageId): Promise<ImageRecord | undefined>;
  /** Takes a pending picture, which nobody has asked a model for, until a moment; from whoever had it too long. */
  claim(id: ImageId, claim: Claim, until: number): Promise<boolean>;
  /** Right before the model is asked: from here on it may be paid for. */
  asking(id: ImageId, claim: Claim): Promise<boolean>;
  /** The model was asked and said that it drew nothing: somebody may ask again. */
  notPaid(id: ImageId, claim: Claim): Promise<boolean>;
  /** It lies at its key. */
  complete(id: ImageId, claim: Claim, picture: DrawnPicture): Promise<boolean>;
  /** It will not be drawn. Held by nobody else who may still be at it. */
  fail(id: ImageId, claim: Claim, error: ImageError): Promise<boolean>;
}
