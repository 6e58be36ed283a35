import { generatedKey, type ImageError, type ImageId, type PendingImage } from "@penstock/contracts";
import { InvalidInput, type NamedError, ObjectBusy } from "@penstock/runtime/errors";
import type { AssetsSettings, PixelLimits } from "../settings.ts";
import { judgeImage } from "../uploads/judge-image.ts";
import type { Claim, ImageRecords } from "./claim.ts";
import type { ImageModel } from "./image-model.ts";
import { promptSlug } from "./prompt-slug.ts";
import type { StoredImage, StoredImages } from "./stored-image.ts";

/** What becomes of pictures, for those who count. */
export type ImageEvent =
  | { readonly event: "completed" }
  | {
      readonly event: "failed";
      readonly error: ImageError;
      /** Of a model's refusal, or of an answer that tells nothing: a code or the name of an error. */
      readonly why?: string;
    }
  /** The model was asked and did not say that it drew nothing. */
  | { readonly event: "paid" };

export interface GeneratePorts {
  readonly records: ImageRecords;
  readonly model: ImageModel;
  readonly images: StoredImages;
  readonly settings: Pick<AssetsSettings, "baseUrl" | "functionSeconds" | "receives">;
  /** Names a delivery of a message, as none was named before. */
  readonly newClaim: () => string;
  readonly now: () => Date;
  readonly tell: (event: ImageEvent) => void;
}

/** Seconds that a claim outlives the function in: whoever had it is certainly gone then. */
const GRACE_SECONDS = 10;
/** What a model gives is drawn by us: as large as they draw. */
const ANY_PIXELS: PixelLimits = { side: [1, 10_000], most: 40_000_000 };
const MOST_BYTES = 20_000_000;

/**
 * Draws a picture that was asked for, and pays for it at most once, however often its message comes, in whatever order, and
 * wherever a delivery breaks off. What is drawn stands in the record, not in the message.
 *
 * The claim keeps deliveries apart that live at the same time; `asked_at`, which is set before the model is asked and never taken back
 * unless the model said that it drew nothing, keeps apart those that follow each other. Who finds it set asks no model: the picture
 * lies at its key, or its outcome is unknown for good.
 * @param receives how often the message was received
 * @throws {NamedError} for a message that is to come again
 */
export async function generateImage(id: ImageId, receives: number, ports: GeneratePorts): Promise<void> {
  const record = await ports.records.find(id);
  if (record === undefined)
    throw new InvalidInput("nobody asked for a picture of this id: the message is none of ours");
  if (record.status !== "pending") return;
  const delivery = new Delivery(record, ports);
  try {
    await delivery.run();
  } catch (error) {
    if (receives >= ports.settings.receives) await delivery.giveUp();
    throw error;
  }
}

/** One delivery of a picture's message. */
class Delivery {
  readonly #record: PendingImage;
  readonly #ports: GeneratePorts;
  readonly #claim: string;
  /** How far it came: what ends here is not to be undone. */
  #reached: "nothing" | "asked" | "stored" = "nothing";

  constructor(record: PendingImage, ports: GeneratePorts) {
    this.#record = record;
    this.#ports = ports;
    this.#claim = ports.newClaim();
  }

  async run(): Promise<void> {
    const { records, settings } = this.#ports;
    const now = this.#now();
    const until = now.now + (settings.functionSeconds + GRACE_SECONDS) * 1000;
    if (await records.claim(this.#id, now, until)) return this.#draw();
    await this.#afterAnother();
  }

  /** The last delivery could not do it: whoever asked is told, unless somebody else still may, or the picture lies there. */
  async giveUp(): Promise<void> {
    if (this.#reached === "stored") return;
    await this.#fail(this.#reached === "asked" ? "outcome_unknown" : "gave_up");
  }

  get #id(): ImageId {
    return this.#record.request_id;
  }

  get #key(): string {
    return generatedKey(this.#record, promptSlug(this.#record.prompt));
  }

  #now(): Claim {
    return { id: this.#claim, now: this.#ports.now().getTime() };
  }

  async #draw(): Promise<void> {
    const { records, model, tell } = this.#ports;
    if (!(await records.asking(this.#id, this.#now()))) throw this.#busy();
    this.#reached = "asked";
    const { prompt, style, aspect_ratio: aspectRatio, seed } = this.#record;
    const drawn = await model.draw({ prompt, style, aspectRatio, seed });
    if (drawn.outcome === "not_paid") return this.#again(drawn.error);
    if (drawn.outcome === "filtered") return this.#fail("filtered");
    if (drawn.outcome === "refused") return this.#fail("refused", drawn.why);
    tell({ event: "paid" });
    if (drawn.outcome === "unknown") return this.#fail("outcome_unknown", drawn.why);
    const { bytes, model: by, offline } = drawn;
    const verdict = judgeImage({ head: bytes }, "image/png", ANY_PIXELS);
    if ("rejected" in verdict || bytes.byteLength > MOST_BYTES) return this.#fail("image_unreadable");
    const image = {
      width: verdict.width,
      height: verdict.height,
      bytes: bytes.byteLength,
      model: by,
      offline,
    };
    await this.#ports.images.put(this.#key, bytes, image);
    this.#reached = "stored";
    await this.#complete(image, this.#ports.now());
  }

  /** The model drew nothing, and may when it is asked again. */
  async #again(error: NamedError): Promise<never> {
    if (await this.#ports.records.notPaid(this.#id, this.#now())) this.#reached = "nothing";
    throw error;
  }

  /** Somebody has, or had, this picture. */
  async #afterAnother(): Promise<void> {
    const { records, images } = this.#ports;
    const record = await records.find(this.#id);
    if (record === undefined || record.status !== "pending") return;
    const { asked_at, claimed_until = 0 } = record;
    if (asked_at === undefined || claimed_until >= this.#now().now) throw this.#busy();
    this.#reached = "asked";
    const found = await images.find(this.#key);
    if (found === undefined) return this.#fail("outcome_unknown");
    this.#reached = "stored";
    const { storedAt, ...image } = found;
    await this.#complete(image, storedAt);
  }

  async #complete(image: StoredImage, at: Date): Promise<void> {
    const { records, settings, tell } = this.#ports;
    const done = await records.complete(this.#id, this.#now(), {
      s3_key: this.#key,
      s3_url: `${settings.baseUrl}/${this.#key}`,
      generated_at: at.toISOString(),
      ...image,
    });
    if (done) tell({ event: "completed" });
    else await this.#requireFinal();
  }

  async #fail(error: ImageError, why?: string): Promise<void> {
    const { records, tell } = this.#ports;
    if (await records.fail(this.#id, this.#now(), error))
      tell({ event: "failed", error, ...(why !== undefined && { why }) });
  }

  /** A write that did not hold is none too many only where the record has come to its end. */
  async #requireFinal(): Promise<void> {
    const record = await this.#ports.records.find(this.#id);
    if (record?.status === "pending") throw this.#busy();
  }

  #busy(): ObjectBusy {
    return new ObjectBusy(`the picture ${this.#id} is being drawn by another delivery; look again later`);
  }
}
