import { createHmac } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPostOptions } from "@aws-sdk/s3-presigned-post";
import * as v from "valibot";
import type { Cloud } from "../../packages/local/src/cloud/index.ts";

const Environment = v.object({
  AWS_ACCESS_KEY_ID: v.string(),
  AWS_SECRET_ACCESS_KEY: v.string(),
  AWS_SESSION_TOKEN: v.string(),
});

/** An S3 client with the keys of a function whose handler is `environment`: those of its role. */
export async function clientOfRole(cloud: Cloud, functionName: string): Promise<S3Client> {
  const invocation = await cloud.functions.invoke(functionName, "{}");
  if (invocation.outcome === "failed") throw new Error(invocation.log);
  const keys = v.parse(Environment, JSON.parse(invocation.payload));
  return new S3Client({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID,
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
      sessionToken: keys.AWS_SESSION_TOKEN,
    },
  });
}

export type FormOptions = Pick<PresignedPostOptions, "Bucket" | "Key"> & Partial<PresignedPostOptions>;

/** The fields of a form, in their order; the file is sent after them. */
export type Fields = [name: string, value: string][];

/** A form as the SDK signs it. */
export async function signedFields(client: S3Client, options: FormOptions): Promise<Fields> {
  const { fields } = await createPresignedPost(client, options);
  return Object.entries(fields);
}

/** Fields that any type of picture can be put into. */
export const anyPicture: Partial<FormOptions> = {
  Fields: {},
  Conditions: [["starts-with", "$Content-Type", "image/"]],
};

export const fieldIn = (fields: Fields, name: string) => fields.find(([each]) => each === name)?.[1] ?? "";

export const without = (fields: Fields, ...names: string[]): Fields =>
  fields.filter(([name]) => !names.includes(name));

export const changed = (fields: Fields, name: string, value: string): Fields =>
  fields.map(([each, old]) => [each, each === name ? value : old]);

/** The fields with a policy that the SDK would not make, signed all the same. */
export async function withPolicy(client: S3Client, fields: Fields, policy: unknown): Promise<Fields> {
  const text = Buffer.from(typeof policy === "string" ? policy : JSON.stringify(policy)).toString("base64");
  const { secretAccessKey } = await client.config.credentials();
  const hmac = (key: string | Buffer, what: string) => createHmac("sha256", key).update(what).digest();
  const [, day = ""] = fieldIn(fields, "X-Amz-Credential").split("/");
  const key = ["us-east-1", "s3", "aws4_request"].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
  return changed(changed(fields, "Policy", text), "X-Amz-Signature", hmac(key, text).toString("hex"));
}

/** What S3 answered to a form: its status, its headers, and the elements of its document. */
export async function answered(response: Response) {
  const xml = await response.text();
  const element = (name: string) =>
    new RegExp(`<${name}>([^<]*)</${name}>`)
      .exec(xml)?.[1]
      ?.replaceAll("&quot;", '"')
      .replaceAll("&apos;", "'");
  return { status: response.status, headers: response.headers, xml, element };
}

/** Sends a form as browsers do. */
export async function send(url: string, fields: Fields, file: Blob | string = "bytes", name = "photo.png") {
  const form = new FormData();
  for (const [field, value] of fields) form.append(field, value);
  form.append("file", typeof file === "string" ? new Blob([file], { type: "text/html" }) : file, name);
  return answered(await fetch(url, { method: "POST", body: form }));
}
