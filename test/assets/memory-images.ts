import type { Claim, ImageRecords } from "../../packages/assets/src/images/claim.ts";
import type { StoredImage, StoredImages } from "../../packages/assets/src/images/stored-image.ts";
import type { ImageId, ImageRecord, PendingImage } from "../../packages/contracts/src/index.ts";

/** Records of pictures in memory, by the conditions of the table. That both are the same is tested in image-records.test.ts. */
export class MemoryImages implements ImageRecords {
  readonly all = new Map<ImageId, ImageRecord>();

  async create(record: PendingImage): Promise<boolean> {
    if (this.all.has(record.request_id)) return false;
    this.all.set(record.request_id, record);
    return true;
  }

  async find(id: ImageId): Promise<ImageRecord | undefined> {
    return this.all.get(id);
  }

  async claim(id: ImageId, claim: Claim, until: number): Promise<boolean> {
    return this.#write(
      id,
      ({ asked_at, claimed_until }) =>
        asked_at === undefined && (claimed_until === undefined || claimed_until < claim.now),
      (record) => ({
        ...record,
        claim: claim.id,
        claimed_until: until,
        attempts: (record.attempts ?? 0) + 1,
      }),
    );
  }

  async asking(id: ImageId, claim: Claim): Promise<boolean> {
    return this.#write(
      id,
      (record) => record.claim === claim.id && record.asked_at === undefined,
      (record) => ({ ...record, asked_at: claim.now }),
    );
  }

  async notPaid(id: ImageId, claim: Claim): Promise<boolean> {
    return this.#write(
      id,
      (record) => record.claim === claim.id,
      ({ asked_at: _asked, claimed_until: _until, ...record }) => record,
    );
  }

  async complete(...[id, claim, picture]: Parameters<ImageRecords["complete"]>): Promise<boolean> {
    return this.#write(
      id,
      (record) => record.claim === claim.id || over(record, claim),
      (record) => ({ ...record, ...picture, status: "completed" }),
    );
  }

  async fail(...[id, claim, error]: Parameters<ImageRecords["fail"]>): Promise<boolean> {
    return this.#write(
      id,
      (record) => record.claim === claim.id || over(record, claim) || record.claimed_until === undefined,
      (record) => ({ ...record, error, status: "failed" }),
    );
  }

  #write(
    id: ImageId,
    holds: (record: PendingImage) => boolean,
    written: (record: PendingImage) => ImageRecord,
  ): boolean {
    const record = this.all.get(id);
    if (record?.status !== "pending" || !holds(record)) return false;
    this.all.set(id, written(record));
    return true;
  }
}

const over = ({ claimed_until }: PendingImage, { now }: Claim) =>
  claimed_until !== undefined && claimed_until < now;

/** Pictures in memory, by their keys. */
export class MemoryPictures implements StoredImages {
  readonly all = new Map<string, StoredImage & { png: Uint8Array; storedAt: Date }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  async put(key: string, png: Uint8Array, image: StoredImage): Promise<void> {
    if (!this.all.has(key)) this.all.set(key, { ...image, png, storedAt: this.#now() });
  }

  async find(key: string): Promise<(StoredImage & { storedAt: Date }) | undefined> {
    const found = this.all.get(key);
    if (found === undefined) return undefined;
    const { png: _, ...known } = found;
    return known;
  }
}
