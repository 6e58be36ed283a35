import { Problem } from "./problem.ts";

/** Step Functions takes inputs of at most 256 KiB; few routes need more. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Refuses what is too large before anything looks at it. @throws {Problem} `too-large` */
export function requireSmall(body: ArrayBuffer, limitBytes = BODY_LIMIT_BYTES): void {
  if (body.byteLength <= limitBytes) return;
  throw new Problem(
    "too-large",
    `The body has ${body.byteLength} bytes; at most ${limitBytes} are taken. Send less in one request, or put data into S3 and name the object.`,
  );
}

/** A body's JSON, as whatever type it comes; `{}` for no body at all. @throws {Problem} `invalid-input` */
export function readJson(body: ArrayBuffer): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem("invalid-input", `The body is not JSON: ${why}`, {
      fields: [{ field: "body", detail: `Send valid JSON in UTF-8. ${why}` }],
    });
  }
}
