import type { RefusalReason } from "@penstock/contracts";

/** Ends the reading of a file, or of a member of a ZIP, that is none of those that are read. */
export class RefusedFile extends Error {
  override readonly name = "RefusedFile";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`the file is refused: ${reason}`);
    this.reason = reason;
  }
}
