/** A picture that a model drew, as it is kept. Pixels; `model` and `offline` say who drew it. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly model: string;
  readonly offline: boolean;
}

/** Where drawn pictures lie, by their keys. */
export interface StoredImages {
  /** Keeps a PNG at a key where nothing lies yet. */
  put(key: string, png: Uint8Array, image: StoredImage): Promise<void>;
  /** What lies at a key, and since when. */
  find(key: string): Promise<(StoredImage & { readonly storedAt: Date }) | undefined>;
}
