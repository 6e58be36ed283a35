import { ErrorNames } from "@penstock/runtime/errors";
import type { Retrier } from "./states.ts";

/**
 * Retry policies by the service that a task calls. Each names only what can succeed on another try: throttling and
 * the service's own faults. Bad input is never retried. Three tries, spread by jitter, as the owners of the lake
 * asked for; a longer outage ends in the dead-letter queue, from where the execution is redriven.
 */
function threeTries(errors: readonly string[]): Retrier {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 2,
    MaxAttempts: 3,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  };
}

/** Faults of Lambda itself that pass, and the two names by which our tasks report a passing fault of what they call. */
export const lambdaFaults = [
  "Lambda.TooManyRequestsException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.Unknown",
  "Sandbox.Timedout",
  "States.Timeout",
  ErrorNames.Throttled,
  ErrorNames.UpstreamUnavailable,
];
export const retryLambda = threeTries(lambdaFaults);

/** Another execution holds the object; it is done within one refine, so wait longer and more often than for a fault. */
export const retryBusyObject: Retrier = {
  ErrorEquals: [ErrorNames.ObjectBusy],
  IntervalSeconds: 2,
  MaxAttempts: 10,
  BackoffRate: 1.5,
  MaxDelaySeconds: 120,
  JitterStrategy: "FULL",
};

/** Another run publishes its features; it is done within minutes, or its lease runs out. */
export const retryPublishing: Retrier = {
  ErrorEquals: [ErrorNames.ObjectBusy],
  IntervalSeconds: 30,
  MaxAttempts: 30,
  BackoffRate: 1.2,
  MaxDelaySeconds: 300,
  JitterStrategy: "FULL",
};

/** `ConcurrentRunsExceededException` is a queue, not a fault: other files' job runs end within minutes. */
export const retryGlueQueue: Retrier = {
  ErrorEquals: ["Glue.ConcurrentRunsExceededException"],
  IntervalSeconds: 60,
  MaxAttempts: 30,
  BackoffRate: 1.2,
  MaxDelaySeconds: 600,
  JitterStrategy: "FULL",
};

export const retryGlue = threeTries([
  "Glue.ThrottlingException",
  "Glue.InternalServiceException",
  "Glue.OperationTimeoutException",
  "Glue.ResourceNumberLimitExceededException",
  "Glue.SdkClientException",
  "States.Timeout",
]);

/** Glue's catalogue and crawlers, called by way of the AWS SDK. That a crawler runs already is no fault: see who catches it. */
export const retryGlueCatalog = threeTries([
  "Glue.ThrottlingException",
  "Glue.InternalServiceException",
  "Glue.OperationTimeoutException",
  "Glue.SdkClientException",
  "States.Timeout",
]);

/**
 * `TooManyRequestsException` also when too many queries are under way. A rate that is exceeded has no name of its own in
 * Athena's model, and comes under the service's.
 */
export const retryAthena = threeTries([
  "Athena.TooManyRequestsException",
  "Athena.InternalServerException",
  "Athena.AmazonAthenaException",
  "Athena.SdkClientException",
]);

/** Starting another machine's execution. What became of that execution is not tried again here: it has its own retries. */
export const retryStepFunctions = threeTries([
  "StepFunctions.ExecutionLimitExceeded",
  "StepFunctions.AWSStepFunctionsException",
  "StepFunctions.SdkClientException",
]);

/** Reconcile writes curated objects anew while they are read: read again what is there then. */
export const retryChangedObject: Retrier = {
  ErrorEquals: [ErrorNames.ObjectChanged, ErrorNames.ObjectMissing],
  IntervalSeconds: 5,
  MaxAttempts: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  JitterStrategy: "FULL",
};

/** Who uploads a file again writes while it is read: read what is there then. One that is gone is not waited for. */
export const retryRewrittenObject: Retrier = {
  ...retryChangedObject,
  ErrorEquals: [ErrorNames.ObjectChanged],
};

/** A model's quota is of a minute. Many files at once wait for each other, so longer and more often than for a fault. */
export const retryModel: Retrier = {
  ErrorEquals: [ErrorNames.ModelThrottled],
  IntervalSeconds: 5,
  MaxAttempts: 8,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  JitterStrategy: "FULL",
};

/** One more try after a second, where somebody waits for the answer and there is another way. */
function oneMoreTry(errors: readonly string[]): Retrier {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 1,
    MaxAttempts: 1,
    BackoffRate: 1,
    MaxDelaySeconds: 2,
    JitterStrategy: "NONE",
  };
}

/** A tool of an agent, or a step that can be done without. A limit of time that was passed is not tried again. */
export const retryTool = oneMoreTry(
  lambdaFaults.filter((name) => name !== "States.Timeout" && name !== "Sandbox.Timedout"),
);

/** A turn of a conversation, asked by way of the AWS SDK. */
export const retryConverse = oneMoreTry([
  "BedrockRuntime.ThrottlingException",
  "BedrockRuntime.ServiceUnavailableException",
  "BedrockRuntime.ModelNotReadyException",
  "BedrockRuntime.InternalServerException",
  "BedrockRuntime.SdkClientException",
]);

/** A model whose answer somebody waits for: its quota is of a minute, and so long nobody waits. */
export const retryModelShort: Retrier = {
  ErrorEquals: [ErrorNames.ModelThrottled],
  IntervalSeconds: 2,
  MaxAttempts: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 10,
  JitterStrategy: "FULL",
};

export const retryDynamo = threeTries([
  "DynamoDB.ProvisionedThroughputExceededException",
  "DynamoDB.RequestLimitExceeded",
  "DynamoDB.ThrottlingException",
  "DynamoDB.InternalServerError",
  "DynamoDB.SdkClientException",
  "States.Timeout",
]);

export const retrySns = threeTries([
  "SNS.ThrottledException",
  "SNS.InternalErrorException",
  "SNS.KMSThrottlingException",
  "SNS.SdkClientException",
  "States.Timeout",
]);

export const retrySqs = threeTries([
  "SQS.RequestThrottledException",
  "SQS.KmsThrottledException",
  "SQS.SdkClientException",
  "States.Timeout",
]);

export const retryS3 = threeTries(["S3.S3Exception", "S3.SdkClientException", "States.Timeout"]);
