import type { ImageType } from "@penstock/contracts";

/** What is known of an upload without reading it. */
export interface UploadedFile {
  readonly bytes: number;
  /** What the sender said that it is. */
  readonly type: string;
  /** Whose it is, by `ownerMark`; undefined for what came another way. */
  readonly owner: string | undefined;
  readonly etag: string;
  readonly at: Date;
}

/** What a form lets in. */
export interface FormTerms {
  readonly type: ImageType;
  readonly owner: string;
  readonly mostBytes: number;
  readonly seconds: number;
}

/** Where uploads lie, by their keys. */
export interface Uploads {
  /** Signs a form for exactly one key. */
  form(key: string, terms: FormTerms): Promise<{ url: string; fields: Record<string, string> }>;
  put(key: string, bytes: Uint8Array, type: ImageType, owner: string): Promise<void>;
  find(key: string): Promise<UploadedFile | undefined>;
  /** Bytes from `start` up to but not including `end`. */
  range(key: string, start: number, end: number): Promise<Uint8Array>;
}
