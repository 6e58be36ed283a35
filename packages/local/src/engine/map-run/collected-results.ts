import { StateFailure, stateErrors } from "../failures.ts";
import { maxPayloadBytes } from "../payload.ts";
import { described, type EndedChild, type Results } from "./results.ts";

/** How results are formed; undefined members as AWS has them without a WriterConfig. */
export interface ResultForm {
  readonly transformation: "NONE" | "COMPACT" | "FLATTEN";
  readonly outputType: "JSON" | "JSONL";
}

/**
 * Results that become the output of the state, in the order of the items. They are held only as long as they can fit
 * into a payload: of more than that, none is kept.
 *
 * Children that failed have a part in it only when a WriterConfig asks for results.
 */
export class CollectedResults implements Results {
  readonly exported = false;
  readonly #form: ResultForm | undefined;
  readonly #stateName: string;
  #results: (readonly unknown[] | undefined)[] = [];
  #bytes = 0;

  constructor(form: ResultForm | undefined, stateName: string) {
    this.#form = form;
    this.#stateName = stateName;
  }

  async open(): Promise<void> {}

  add(child: EndedChild): undefined {
    const results = formed(child, this.#form?.transformation ?? "COMPACT");
    if (this.#form === undefined && child.outcome.status !== "SUCCEEDED") return;
    if (this.#tooLarge) return;
    for (const result of results) this.#bytes += Buffer.byteLength(JSON.stringify(result) ?? "null");
    if (this.#tooLarge) this.#results = [];
    else this.#results[child.index] = results;
  }

  async close(): Promise<unknown> {
    if (this.#tooLarge) {
      throw new StateFailure(
        stateErrors.dataLimitExceeded,
        `The state/task '${this.#stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      );
    }
    const results = this.#results.flatMap((each) => each ?? []);
    if (this.#form?.outputType !== "JSONL") return results;
    return results.map((result) => JSON.stringify(result)).join("\n");
  }

  release(): void {
    this.#results = [];
  }

  get #tooLarge(): boolean {
    return this.#bytes > maxPayloadBytes;
  }
}

/** The results that a child adds. What failed is never transformed. */
export function formed(child: EndedChild, transformation: ResultForm["transformation"]): readonly unknown[] {
  const { outcome } = child;
  if (outcome.status !== "SUCCEEDED" || transformation === "NONE") return [described(child)];
  if (transformation === "FLATTEN" && Array.isArray(outcome.output)) return outcome.output;
  return [outcome.output];
}
