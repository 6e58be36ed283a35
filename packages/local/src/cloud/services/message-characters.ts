import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What SQS refuses in a message; the text is JSON's, so it has no lone surrogates to look for. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Lets messages hold characters beyond U+FFFF, as SQS does. fauxqs 2.4.1 tests bodies with an expression that lacks
 * the `u` flag and takes the halves of such a character for forbidden ones: an event about an object with an emoji in
 * its key could not be queued. The expression is an object of the package, out of reach of its exports.
 */
export async function allowAstralCharacters(): Promise<void> {
  const manifest = findPackageJSON("fauxqs", import.meta.url);
  if (manifest === undefined) throw new Error("The package fauxqs is not installed. Run `npm ci`.");
  const types: { INVALID_MESSAGE_BODY_CHAR: RegExp } = await import(
    pathToFileURL(join(dirname(manifest), "dist/sqs/sqsTypes.js")).href
  );
  Object.defineProperty(types.INVALID_MESSAGE_BODY_CHAR, "test", {
    value: (text: string) => FORBIDDEN.test(text),
    configurable: true,
  });
}
