import type { FormCloud } from "./form-cloud.ts";
import { anyPicture, changed, type Fields, fieldIn, without, withPolicy } from "./signed-forms.ts";

/** A form of which something is wrong, and how S3 answers it. */
export type SpoiltForm = [
  why: string,
  fields: (there: FormCloud) => Promise<Fields>,
  status: number,
  code: string,
  message: string,
];

const soon = () => new Date(Date.now() + 60_000).toISOString();
const policed = async (there: FormCloud, policy: unknown) =>
  withPolicy(there.signer, await there.form(), policy);
const policy = (there: FormCloud, ...conditions: unknown[]) =>
  policed(there, { expiration: soon(), conditions });
const invalid = (why: string) => `Invalid Policy: ${why}`;

/** As S3 prints a condition that fails. */
export function failed(...parts: string[]): string {
  const condition = `[${parts.map((part) => JSON.stringify(part)).join(", ")}]`;
  return `Invalid according to Policy: Policy Condition failed: ${condition}`;
}

export const spoiltForms: readonly SpoiltForm[] = [
  [
    "a form that nobody signed",
    async (there) =>
      (await there.form()).filter(([name]) => /key|type/i.test(name) && !name.startsWith("X-")),
    403,
    "AccessDenied",
    "Access Denied",
  ],
  [
    "a form with a policy alone",
    async (there) =>
      without(await there.form(), "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"),
    403,
    "AccessDenied",
    "Access Denied",
  ],
  ...["Policy", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature", "key"].map(
    (name): SpoiltForm => [
      `no field ${name}`,
      async (there) => without(await there.form(), name),
      400,
      "InvalidArgument",
      `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    ],
  ),
  [
    "an access key of nobody here",
    async (there) =>
      changed(
        await there.form(),
        "X-Amz-Credential",
        "AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/s3/aws4_request",
      ),
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "the operator's own keys",
    (there) => there.form({}, there.own.s3),
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "a role's key without its token",
    async (there) => without(await there.form(), "X-Amz-Security-Token"),
    403,
    "InvalidAccessKeyId",
    "The AWS Access Key Id you provided does not exist in our records.",
  ],
  [
    "another token",
    async (there) => changed(await there.form(), "X-Amz-Security-Token", "another"),
    400,
    "InvalidToken",
    "The provided token is malformed or otherwise invalid.",
  ],
  [
    "another region",
    async (there) => {
      const fields = await there.form();
      const credential = fieldIn(fields, "X-Amz-Credential");
      return changed(fields, "X-Amz-Credential", credential.replace("us-east-1", "eu-west-1"));
    },
    400,
    "InvalidArgument",
    "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
  ],
  [
    "a credential of another service",
    async (there) => {
      const fields = await there.form();
      const credential = fieldIn(fields, "X-Amz-Credential");
      return changed(fields, "X-Amz-Credential", credential.replace("/s3/", "/sqs/"));
    },
    400,
    "InvalidArgument",
    "the Credential is mal-formed",
  ],
  [
    "another algorithm",
    async (there) => changed(await there.form(), "X-Amz-Algorithm", "AWS4-HMAC-MD5"),
    400,
    "InvalidArgument",
    "AWS4-HMAC-SHA256",
  ],
  [
    "a date of another form",
    async (there) => changed(await there.form(), "X-Amz-Date", "2026-11-21"),
    400,
    "InvalidArgument",
    "X-Amz-Date must be formated via ISO8601 Long format",
  ],
  [
    "a policy that was changed",
    async (there) => {
      const fields = await there.form();
      const old = fieldIn(fields, "Policy");
      const wider = Buffer.from(old, "base64").toString().replace(",100]", ",9999]");
      return changed(fields, "Policy", Buffer.from(wider).toString("base64"));
    },
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match",
  ],
  [
    "another signature",
    async (there) => changed(await there.form(), "X-Amz-Signature", "0".repeat(64)),
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match",
  ],
  [
    "a form whose time is over",
    (there) => there.form({ Expires: -1 }),
    403,
    "AccessDenied",
    "Invalid according to Policy: Policy expired.",
  ],
  [
    "another type",
    async (there) => changed(await there.form(), "Content-Type", "text/html"),
    403,
    "AccessDenied",
    failed("eq", "$Content-Type", "image/png"),
  ],
  [
    "another key",
    async (there) => changed(await there.form(), "key", "uploads/bob/1.png"),
    403,
    "AccessDenied",
    'Policy Condition failed: ["eq", "$key", "uploads/ana/',
  ],
  [
    "a key out of the prefix",
    async (there) =>
      changed(await there.form({ Key: "uploads/ana/$" + "{filename}" }), "key", "uploads/bob/x"),
    403,
    "AccessDenied",
    failed("starts-with", "$key", "uploads/ana/"),
  ],
  [
    "a field less than the policy has",
    async (there) => without(await there.form(), "success_action_status"),
    403,
    "AccessDenied",
    failed("eq", "$success_action_status", "201"),
  ],
  [
    "types of which one is another",
    async (there) => [...(await there.form(anyPicture)), ["Content-Type", "image/png,text/html"]],
    403,
    "AccessDenied",
    failed("starts-with", "$Content-Type", "image/"),
  ],
  [
    "a field more than the policy has",
    async (there) => [...(await there.form()), ["x-amz-meta-A", "b"]],
    403,
    "AccessDenied",
    "Invalid according to Policy: Extra input fields: x-amz-meta-A",
  ],
  [
    "a policy that is no JSON",
    (there) => policed(there, "{"),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid JSON."),
  ],
  [
    "a policy without an end",
    (there) => policed(there, { conditions: [] }),
    400,
    "InvalidPolicyDocument",
    invalid("Policy missing expiration."),
  ],
  [
    "a policy that ends at no time",
    (there) => policed(there, { expiration: "tomorrow", conditions: [] }),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid 'expiration' value: 'tomorrow'"),
  ],
  [
    "a policy without conditions",
    (there) => policed(there, { expiration: soon() }),
    400,
    "InvalidPolicyDocument",
    invalid("Policy missing conditions."),
  ],
  [
    "a policy with more than it can have",
    (there) => policed(there, { expiration: soon(), conditions: [], Statement: [] }),
    400,
    "InvalidPolicyDocument",
    invalid("Unexpected: 'statement'"),
  ],
  [
    "an operator that there is not",
    (there) => policy(there, ["ends-with", "$key", "png"]),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid Condition: unknown operation 'ends-with'."),
  ],
  [
    "two conditions in one",
    (there) => policy(there, { key: "a", bucket: "b" }),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."),
  ],
  [
    "a condition on a number",
    (there) => policy(there, { key: 1 }),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid Simple-Condition: value must be a string."),
  ],
  [
    "a range with one end",
    (there) => policy(there, ["content-length-range", 1]),
    400,
    "InvalidPolicyDocument",
    invalid("Invalid content-length-range: wrong number of arguments."),
  ],
  [
    "a name without its sign",
    (there) => policy(there, ["eq", "bucket", "uploads"]),
    403,
    "AccessDenied",
    failed("eq", "bucket", "uploads"),
  ],
  [
    "a condition on a field that is not there",
    (there) => policy(there, ["starts-with", "$x-amz-meta-a", ""]),
    403,
    "AccessDenied",
    failed("starts-with", "$x-amz-meta-a", ""),
  ],
  [
    "a key that its signer may not write",
    (there) => there.form({ Key: "elsewhere/a.png" }),
    403,
    "AccessDenied",
    "is not authorized to perform: s3:PutObject",
  ],
  [
    "a field that does something which is not done here",
    (there) => there.form({ Fields: { tagging: "<Tagging/>" } }),
    501,
    "NotImplemented",
    'a form with the field "tagging"',
  ],
];
