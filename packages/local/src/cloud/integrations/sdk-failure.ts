import { TaskFailure } from "../../engine/index.ts";
import { NoSuchAction, UnknownMembers } from "../aws-clients.ts";

interface ServiceNames {
  /** In the error names of `aws-sdk:` integrations, and in their causes. */
  readonly sdk: string;
  /** In the error names of optimised integrations. */
  readonly optimised: string;
  /** In the causes of optimised integrations: the service's name in the first Java SDK, which speaks for them. */
  readonly cause: string;
  /** The exception that stands for whatever the service's model does not name. */
  readonly base: string;
}

/** By the service's name in `aws-sdk:<name>`. Confirmed by recorded executions for DynamoDB, Lambda, S3, SQS and Sfn. */
const names: Readonly<Record<string, ServiceNames>> = {
  athena: { sdk: "Athena", optimised: "Athena", cause: "AmazonAthena", base: "AmazonAthenaException" },
  bedrockruntime: {
    sdk: "BedrockRuntime",
    optimised: "Bedrock",
    cause: "AmazonBedrockRuntime",
    base: "AmazonBedrockRuntimeException",
  },
  dynamodb: {
    sdk: "DynamoDb",
    optimised: "DynamoDB",
    cause: "AmazonDynamoDBv2",
    base: "AmazonDynamoDBException",
  },
  eventbridge: {
    sdk: "EventBridge",
    optimised: "EventBridge",
    cause: "AmazonEventBridge",
    base: "AmazonEventBridgeException",
  },
  glue: { sdk: "Glue", optimised: "Glue", cause: "AWSGlue", base: "AWSGlueException" },
  lambda: { sdk: "Lambda", optimised: "Lambda", cause: "AWSLambda", base: "AWSLambdaException" },
  s3: { sdk: "S3", optimised: "S3", cause: "Amazon S3", base: "AmazonS3Exception" },
  sfn: {
    sdk: "Sfn",
    optimised: "StepFunctions",
    cause: "AWSStepFunctions",
    base: "AWSStepFunctionsException",
  },
  sns: { sdk: "Sns", optimised: "SNS", cause: "AmazonSNS", base: "AmazonSNSException" },
  sqs: { sdk: "Sqs", optimised: "SQS", cause: "AmazonSQS", base: "AmazonSQSException" },
  sts: {
    sdk: "Sts",
    optimised: "STS",
    cause: "AWSSecurityTokenService",
    base: "AWSSecurityTokenServiceException",
  },
};

/** A HEAD request's answer has no body to name the error; AWS's SDK for Java names it by what was asked for. */
const bodiless: Readonly<Record<string, string>> = { headObject: "NoSuchKey", headBucket: "NoSuchBucket" };

interface SdkError extends Error {
  readonly $metadata: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly extendedRequestId?: string;
  };
}

function isSdkError(thrown: unknown): thrown is SdkError {
  return thrown instanceof Error && "$metadata" in thrown && "$fault" in thrown;
}

/** Exceptions of a service's model are classes of their own, derived from the service's base class. */
function isModelled(error: Error): boolean {
  return !error.constructor.name.endsWith("ServiceException") && error.constructor !== Error;
}

function withSuffix(code: string): string {
  return code.endsWith("Exception") ? code : `${code}Exception`;
}

/**
 * What an SDK call threw, as the failure that Step Functions reports: `S3.NoSuchKeyException` for an SDK integration,
 * `DynamoDB.ConditionalCheckFailedException` for an optimised one.
 */
export function sdkFailure(thrown: unknown, service: string, action: string, sdk: boolean): unknown {
  if (thrown instanceof NoSuchAction || thrown instanceof UnknownMembers)
    return new TaskFailure("States.Runtime", thrown.message);
  const known = names[service];
  if (known === undefined || !(thrown instanceof Error)) return thrown;
  if (!isSdkError(thrown)) {
    const prefix = sdk ? known.sdk : known.optimised;
    return new TaskFailure(
      `${prefix}.SdkClientException`,
      `Unable to execute HTTP request: ${thrown.message}`,
    );
  }
  const code = (thrown.name === "NotFound" ? bodiless[action] : undefined) ?? thrown.name;
  const modelled = isModelled(thrown);
  const { httpStatusCode = 500, requestId = "", extendedRequestId } = thrown.$metadata;
  if (sdk) {
    const exception = modelled ? withSuffix(code) : `${known.sdk}Exception`;
    const extended = extendedRequestId === undefined ? "" : `, Extended Request ID: ${extendedRequestId}`;
    const ids = `Service: ${known.sdk}, Status Code: ${httpStatusCode}, Request ID: ${requestId}${extended}`;
    return new TaskFailure(`${known.sdk}.${exception}`, `${thrown.message} (${ids}) (SDK Attempt Count: 1)`);
  }
  const exception = modelled ? withSuffix(code) : known.base;
  const ids = `Service: ${known.cause}; Status Code: ${httpStatusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
  return new TaskFailure(`${known.optimised}.${exception}`, `${thrown.message} (${ids})`);
}
