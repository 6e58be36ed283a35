import { ModelOutputInvalid } from "../errors.ts";
import type { ModelReply } from "./text-model.ts";

/** A reply that came and cannot be used: cut off, withheld, or of another form. It was paid for. */
export class UnusableReply extends ModelOutputInvalid {
  readonly usage: ModelReply["usage"];

  constructor(message: string, usage: ModelReply["usage"]) {
    super(message);
    this.usage = usage;
  }
}
