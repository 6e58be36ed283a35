import { AwsError } from "../gateway/aws-error.ts";
import { type Refusal, refusalMessage } from "./refusal.ts";

/** How a service answers what IAM refuses. */
interface Answer {
  readonly code: string;
  readonly status: number;
  /** The code of the old query protocol, which SDKs of SQS look at first. */
  readonly queryCode?: string;
}

const JSON_ANSWER: Answer = { code: "AccessDeniedException", status: 400 };

/** By the service's name in the credential scope; JSON services answer alike. */
const answers: Readonly<Record<string, Answer>> = {
  lambda: { code: "AccessDeniedException", status: 403 },
  s3: { code: "AccessDenied", status: 403 },
  sns: { code: "AuthorizationError", status: 403 },
  sqs: { code: "AccessDeniedException", status: 403, queryCode: "AccessDenied" },
  sts: { code: "AccessDenied", status: 403 },
};

/** How a service answers when KMS refuses it in the caller's name; the others answer as they do by themselves. */
const keyAnswers: Readonly<Record<string, Answer>> = {
  sns: { code: "KMSAccessDenied", status: 400 },
  sqs: { code: "KmsAccessDenied", status: 400, queryCode: "KMS.AccessDeniedException" },
};

/** The answer of KMS as a service passes it on: DynamoDB with words of its own, SNS and SQS with where it came from. */
function passedOn(service: string, message: string, requestId: string): string {
  const origin = `(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${requestId}; Proxy: null)`;
  if (service === "dynamodb") return `KMS key access denied error: ${message} ${origin}`;
  return service === "sns" || service === "sqs" ? `${message} ${origin}` : message;
}

/** A refusal as the called service answers it: its code, its status, its wording. */
export function accessDenied(service: string, refusal: Refusal, requestId: string): AwsError {
  const message = refusalMessage(refusal);
  const ofKey = refusal.demand.action.startsWith("kms:");
  const { code, status, queryCode } =
    (ofKey ? keyAnswers[service] : undefined) ?? answers[service] ?? JSON_ANSWER;
  const headers: Record<string, string> =
    queryCode === undefined ? {} : { "x-amzn-query-error": `${queryCode};Sender` };
  return new AwsError(code, ofKey ? passedOn(service, message, requestId) : message, status, headers);
}
