import {
  type GeneratePorts,
  generateImage,
  type ImageEvent,
} from "../../packages/assets/src/images/generate-image.ts";
import type { Drawing, DrawOutcome } from "../../packages/assets/src/images/image-model.ts";
import { type ImageRecord, type PendingImage, pendingImage } from "../../packages/contracts/src/index.ts";
import { MemoryImages, MemoryPictures } from "./memory-images.ts";
import { blackPng } from "./pictures.ts";

export const ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
export const KEY = `generated/ana/20260131T000000Z_${ID}_a-red-cup.png`;

/** A picture that somebody asked for. */
export const asked: PendingImage = pendingImage({
  id: ID,
  user: "ana",
  owner: "ana",
  prompt: "A red cup",
  style: "photographic",
  aspectRatio: "1:1",
  at: new Date(Date.UTC(2026, 0, 31)),
  days: 30,
});

export const drawn: DrawOutcome = {
  outcome: "drawn",
  bytes: blackPng(64, 48),
  model: "fixture",
  offline: true,
};

/** What draws pictures, over memory and a clock of its own. */
export class Studio {
  now = Date.UTC(2026, 0, 31);
  readonly records = new MemoryImages();
  readonly pictures = new MemoryPictures(() => new Date(this.now));
  readonly drawings: Drawing[] = [];
  readonly events: ImageEvent[] = [];
  /** What the model makes of it. */
  draw: () => DrawOutcome | Promise<DrawOutcome> = () => drawn;
  #claims = 0;

  constructor(record: PendingImage = asked) {
    this.records.all.set(record.request_id, record);
  }

  get record(): ImageRecord | undefined {
    return this.records.all.get(ID);
  }

  get ports(): GeneratePorts {
    return {
      records: this.records,
      images: this.pictures,
      model: {
        draw: async (drawing) => {
          this.drawings.push(drawing);
          return this.draw();
        },
      },
      settings: { baseUrl: "https://pictures.example", functionSeconds: 50, receives: 3 },
      newClaim: () => `claim-${++this.#claims}`,
      now: () => new Date(this.now),
      tell: (event) => this.events.push(event),
    };
  }

  /** One delivery of the message. */
  deliver(receives = 1, ports: Partial<GeneratePorts> = {}): Promise<void> {
    return generateImage(ID, receives, { ...this.ports, ...ports });
  }
}
