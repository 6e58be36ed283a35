import { type ObjectStore, parseS3Uri, type S3Uri } from "@penstock/runtime";

/** A store that notes what is asked of it, whether it then happens or not. */
export interface RecordingStore {
  readonly store: ObjectStore;
  /** `bucket/key` of all that was written or uploaded. */
  readonly written: string[];
  readonly removed: string[];
  /** `bucket/key` of all that was looked at, listed or read. */
  readonly read: string[];
}

export function recordingStore(store: ObjectStore): RecordingStore {
  const [written, removed, read]: [string[], string[], string[]] = [[], [], []];
  const note = (notes: string[], uri: S3Uri) => {
    const { bucket, key } = parseS3Uri(uri);
    notes.push(`${bucket}/${key}`);
    return uri;
  };
  return {
    written,
    removed,
    read,
    store: {
      head: (uri) => store.head(note(read, uri)),
      range: (uri, start, end) => store.range(note(read, uri), start, end),
      download: (uri, path) => store.download(note(read, uri), path),
      upload: (path, uri, options) => store.upload(path, note(written, uri), options),
      putJson: (uri, value, options) => store.putJson(note(written, uri), value, options),
      getJson: (uri) => store.getJson(note(read, uri)),
      list: (prefix) => store.list(note(read, prefix)),
      remove: (uri) => store.remove(note(removed, uri)),
    },
  };
}
