import { InvalidInput, isS3Uri, parseS3Uri, s3Uri } from "@penstock/runtime";
import { expect, test } from "vitest";

test("keeps a key with spaces, Unicode and slashes as it is", () => {
  const key = "ecommerce/orders-raw/year=2025/pedidos de março #1?.parquet";

  const uri = s3Uri("raw", key);

  expect(parseS3Uri(uri)).toEqual({ bucket: "raw", key });
});

test("takes a bucket's root for a prefix", () => {
  expect(parseS3Uri(s3Uri("raw", ""))).toEqual({ bucket: "raw", key: "" });
});

test.each(["", "s3://", "s3://bucket", "s3:///key", "https://bucket/key", "bucket/key"])(
  "refuses %j",
  (uri) => {
    expect(() => parseS3Uri(uri)).toThrow(InvalidInput);
    expect(isS3Uri(uri)).toBe(false);
  },
);

test.each(["", "a/b"])("refuses the bucket name %j", (bucket) => {
  expect(() => s3Uri(bucket, "key")).toThrow(InvalidInput);
});
