import { awsFailure, fromAws, ObjectBusy } from "@penstock/runtime";
import { describe, expect, test } from "vitest";

/** An error as the SDK throws it. */
function sdkError(name: string, status?: number, code?: string): Error {
  const error = Object.assign(new Error("said by AWS"), { name, $metadata: { httpStatusCode: status } });
  return code === undefined ? error : Object.assign(error, { code });
}

describe("names a failure of AWS", () => {
  test.each([
    ["ObjectMissing", sdkError("NoSuchKey", 404)],
    ["ObjectMissing", sdkError("NotFound", 404)],
    ["ObjectMissing", sdkError("NoSuchBucket", 404)],
    ["Throttled", sdkError("SlowDown", 503)],
    ["Throttled", sdkError("ProvisionedThroughputExceededException", 400)],
    ["Throttled", sdkError("Whatever", 429)],
    ["ObjectChanged", sdkError("PreconditionFailed", 412)],
    ["ObjectChanged", sdkError("ConditionalRequestConflict", 409)],
    ["AccessDenied", sdkError("AccessDenied", 403)],
    ["AccessDenied", sdkError("AccessDeniedException", 400)],
    ["AccessDenied", sdkError("KmsAccessDenied", 400)],
    ["UpstreamUnavailable", sdkError("InternalError", 500)],
    ["UpstreamUnavailable", sdkError("Error", undefined, "ECONNREFUSED")],
    ["UpstreamUnavailable", sdkError("TimeoutError")],
    ["UpstreamUnavailable", sdkError("Error", undefined, "ERR_HTTP2_STREAM_ERROR")],
    ["UpstreamUnavailable", sdkError("Error", undefined, "ERR_HTTP2_GOAWAY_SESSION")],
    ["Unexpected", sdkError("ValidationException", 400)],
    ["Unexpected", "no error at all"],
  ])("%s for %s", (name, error) => {
    expect(awsFailure("s3://raw/key", error)).toMatchObject({
      name,
      message: expect.stringContaining("s3://raw/key"),
    });
  });
});

test("a refused call says what IAM says: who, what, on what", () => {
  const said = "User: me is not authorized to perform: s3:GetObject on resource: it because of that";
  const refused = Object.assign(new Error(said), { name: "AccessDenied" });

  expect(awsFailure("s3://raw/key", refused).message).toBe(`s3://raw/key: ${said}`);
});

test("passes a named error on as it is", () => {
  const busy = new ObjectBusy("held by another execution");

  expect(awsFailure("s3://raw/key", busy)).toBe(busy);
  expect(() => fromAws("s3://raw/key")(busy)).toThrow(busy);
});
