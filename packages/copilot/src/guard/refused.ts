import type { RefusalCode } from "@penstock/contracts";

/** A question, or what a model wrote for it, is refused. The message says why and what to do instead. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, reason: string) {
    super(reason);
    this.code = code;
  }
}
