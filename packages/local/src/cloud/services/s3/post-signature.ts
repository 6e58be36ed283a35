import { createHmac, timingSafeEqual } from "node:crypto";
import { AwsError } from "../../gateway/aws-error.ts";
import type { CredentialIssuer } from "../../gateway/credentials.ts";
import { fieldOf, type PostForm } from "./post-form.ts";

/** The fields of a signed form, by the names that S3 calls them when one is missing, in the order in which it looks. */
const SIGNED = ["Policy", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"];
const ALGORITHM = "AWS4-HMAC-SHA256";

const argument = (message: string, name: string, value: string) =>
  new AwsError("InvalidArgument", message, 400, {}, { ArgumentName: name, ArgumentValue: value });

/** A field that a form to a bucket cannot do without. */
export function missingField(name: string): AwsError {
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  return argument(message, name, "");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/**
 * Verifies who signed a form: the one signature that is looked at here, since the form is what anybody may send to anybody.
 * Its keys must be of this cloud's making, a role's: with the operator's, of which nobody knows the secret, no form is made.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * @returns the policy that is signed, in base64 as it came
 * @throws {AwsError} AccessDenied for a form that nobody signed, InvalidArgument, InvalidAccessKeyId, InvalidToken, SignatureDoesNotMatch
 */
export function verifySignature(
  form: PostForm,
  { credentials, region }: { readonly credentials: CredentialIssuer; readonly region: string },
): string {
  const field = (name: string) => fieldOf(form, name.toLowerCase());
  const given = SIGNED.filter((name) => field(name) !== undefined);
  if (given.length === 0 || given.join() === "Policy")
    throw new AwsError("AccessDenied", "Access Denied", 403);
  const missing = SIGNED.find((name) => field(name) === undefined);
  if (missing !== undefined) throw missingField(missing);
  const [policy = "", algorithm = "", credential = "", date = "", signature = ""] = SIGNED.map(field);
  if (algorithm !== ALGORITHM)
    throw argument(`X-Amz-Algorithm only supports "${ALGORITHM}"`, "X-Amz-Algorithm", algorithm);
  const [accessKeyId = "", day = "", place = "", service, end, ...more] = credential.split("/");
  if (service !== "s3" || end !== "aws4_request" || more.length > 0 || !/^\d{8}$/.test(day)) {
    const form = "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request";
    throw argument(`the Credential is mal-formed; expecting "${form}".`, "X-Amz-Credential", credential);
  }
  if (!/^\d{8}T\d{6}Z$/.test(date))
    throw argument("X-Amz-Date must be formated via ISO8601 Long format", "X-Amz-Date", date);
  if (place !== region)
    throw argument(`the region '${place}' is wrong; expecting '${region}'`, "X-Amz-Credential", credential);
  const secrets = credentials.secretOf(accessKeyId);
  const token = field("X-Amz-Security-Token");
  // A role's key without its token is no key.
  if (secrets === undefined || token === undefined) {
    const message = "The AWS Access Key Id you provided does not exist in our records.";
    throw new AwsError("InvalidAccessKeyId", message, 403, {}, { AWSAccessKeyId: accessKeyId });
  }
  if (token !== secrets.sessionToken)
    throw new AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.");
  const key = ["s3", "aws4_request"].reduce(hmac, hmac(hmac(`AWS4${secrets.secretAccessKey}`, day), place));
  const right = hmac(key, policy).toString("hex");
  if (right.length !== signature.length || !timingSafeEqual(Buffer.from(right), Buffer.from(signature))) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
      {},
      { AWSAccessKeyId: accessKeyId, StringToSign: policy, SignatureProvided: signature },
    );
  }
  return policy;
}
