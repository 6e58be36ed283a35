import * as v from "valibot";

/** Code points of the longest name. */
const LONGEST = 512;

/**
 * Bytes of UTF-8 of the longest name: of the 1,024 that S3 allows for a key the longest one around a name takes 43,
 * `<user>/stage2/<name>.json`.
 */
const MOST_BYTES = 1024 - 43;

/**
 * What no name has: control characters, marks that turn the direction of writing, marks without width, line and
 * paragraph separators, the tags of Unicode's last planes, backslashes.
 */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\\]/u;

const inFolders = (name: string) =>
  name.split("/").every((part) => part !== "" && part !== "." && part !== "..");

/**
 * The name of an export as the person gave it, with folders: `takeout/Netflix/ViewingActivity.csv`. It is a person's own
 * words, and the one thing in a key that may say something of them: it stands in no path of the API.
 */
export const FileName = v.pipe(
  v.string("Name the file."),
  v.minLength(1, "Name the file."),
  v.maxCodePoints(LONGEST, `A file's name has at most ${LONGEST} characters.`),
  v.maxBytes(MOST_BYTES, `A file's name has at most ${MOST_BYTES} bytes of UTF-8.`),
  v.check((name) => name === name.normalize("NFC"), "Give the file's name in Unicode's form NFC."),
  v.check(
    (name) => !FORBIDDEN.test(name),
    "A file's name has no control characters, no marks that cannot be seen, and no backslash.",
  ),
  v.check(inFolders, 'A file\'s name has no empty folder, and none that is called "." or "..".'),
  v.description("The file's name, with folders if it has some: netflix/ViewingActivity.csv"),
);
export type FileName = v.InferOutput<typeof FileName>;
