import { personPrefix } from "@penstock/contracts";
import { InvalidInput, type ObjectStore, parseS3Uri, type S3Uri } from "@penstock/runtime";
import type { DnaSettings } from "./settings.ts";

/**
 * A store of one person's objects: what is not under their prefix in the two buckets of Digital DNA cannot be named to it.
 * It is the only one that a task of Digital DNA is given.
 * @throws InvalidInput for any other URI; the message does not repeat it
 */
export function withinUser(
  store: ObjectStore,
  { data, work }: Pick<DnaSettings, "data" | "work">,
  user: string,
): ObjectStore {
  const own = (uri: S3Uri): S3Uri => {
    const { bucket, key } = parseS3Uri(uri);
    const inside = (bucket === data || bucket === work) && key.startsWith(personPrefix(user));
    if (inside && !key.split("/").some((part) => part === "." || part === "..")) return uri;
    throw new InvalidInput(`an object outside ${personPrefix(user)} was asked for; a task has no other ones`);
  };
  return {
    head: async (uri) => store.head(own(uri)),
    range: async (uri, start, end) => store.range(own(uri), start, end),
    download: async (uri, path) => store.download(own(uri), path),
    upload: async (path, uri, options) => store.upload(path, own(uri), options),
    putJson: async (uri, value, options) => store.putJson(own(uri), value, options),
    getJson: async (uri) => store.getJson(own(uri)),
    async *list(uriPrefix) {
      yield* store.list(own(uriPrefix));
    },
    remove: async (uri) => store.remove(own(uri)),
  };
}
