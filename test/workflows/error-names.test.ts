import { ErrorNames } from "@penstock/runtime/errors";
import { expect, test } from "vitest";
import type { Definition } from "../../workflows/asl/states.ts";
import { machines, statesOf } from "./machines.ts";

/**
 * Error names that AWS defines, by the service that a task calls, as Step Functions reports them.
 * Sources: the error pages of Step Functions (`States.*`), the integration pages of Lambda, Glue and Step Functions
 * itself, and the APIs' own lists of errors, with the prefix of the integration.
 */
const ofStepFunctions = [
  "States.Timeout",
  "States.TaskFailed",
  "States.Permissions",
  "States.ALL",
  "States.HeartbeatTimeout",
];
const ofService: Readonly<Record<string, readonly string[]>> = {
  "lambda:invoke": [
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
  ],
  "dynamodb:": [
    "DynamoDB.ConditionalCheckFailedException",
    "DynamoDB.ProvisionedThroughputExceededException",
    "DynamoDB.RequestLimitExceeded",
    "DynamoDB.ThrottlingException",
    "DynamoDB.InternalServerError",
    "DynamoDB.SdkClientException",
  ],
  "sns:publish": [
    "SNS.ThrottledException",
    "SNS.InternalErrorException",
    "SNS.KMSThrottlingException",
    "SNS.SdkClientException",
  ],
  "sqs:sendMessage": [
    "SQS.AmazonSQSException",
    "SQS.RequestThrottledException",
    "SQS.KmsThrottledException",
    "SQS.SdkClientException",
  ],
  "aws-sdk:bedrockruntime:converse": [
    "BedrockRuntime.InternalServerException",
    "BedrockRuntime.ModelNotReadyException",
    "BedrockRuntime.SdkClientException",
    "BedrockRuntime.ServiceUnavailableException",
    "BedrockRuntime.ThrottlingException",
  ],
  "aws-sdk:s3:putObject": ["S3.S3Exception", "S3.SdkClientException"],
  "aws-sdk:glue:startCrawler": [
    "Glue.CrawlerRunningException",
    "Glue.EntityNotFoundException",
    "Glue.InternalServiceException",
    "Glue.OperationTimeoutException",
    "Glue.SdkClientException",
    "Glue.ThrottlingException",
  ],
  "aws-sdk:glue:getCrawler": [
    "Glue.EntityNotFoundException",
    "Glue.InternalServiceException",
    "Glue.OperationTimeoutException",
    "Glue.SdkClientException",
    "Glue.ThrottlingException",
  ],
  "athena:": [
    "Athena.TooManyRequestsException",
    "Athena.InternalServerException",
    "Athena.InvalidRequestException",
    "Athena.AmazonAthenaException",
    "Athena.SdkClientException",
  ],
  "states:startExecution": [
    "StepFunctions.ExecutionLimitExceeded",
    "StepFunctions.AWSStepFunctionsException",
    "StepFunctions.SdkClientException",
  ],
  "glue:startJobRun": [
    "Glue.ConcurrentRunsExceededException",
    "Glue.ThrottlingException",
    "Glue.InternalServiceException",
    "Glue.OperationTimeoutException",
    "Glue.ResourceNumberLimitExceededException",
    "Glue.SdkClientException",
  ],
};

test.each(Object.entries(machines))(
  "%s matches only errors that its tasks can end with",
  (_name, definition: Definition) => {
    for (const [name, state] of statesOf(definition)) {
      if (state.Type !== "Task") continue;
      const resource = state.Resource.replace("arn:aws:states:::", "");
      const possible = new Set([
        ...ofStepFunctions,
        ...Object.entries(ofService).flatMap(([prefix, errors]) =>
          resource.startsWith(prefix) ? errors : [],
        ),
        // What our own code throws comes out of Lambda under its own name; no other service knows our names.
        ...(resource === "lambda:invoke" ? Object.values(ErrorNames) : []),
      ]);
      const matched = [...state.Retry, ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);

      expect(
        matched.filter((error) => !possible.has(error)),
        name,
      ).toEqual([]);
    }
  },
);

test.each(["EnrichData", "UnderstandMarket"])(
  "whatever is tried again in %s is gone on without in the end",
  (name) => {
    const state = new Map(statesOf(machines.campaign)).get(name);
    if (state?.Type !== "Task") throw new Error(`campaign has no task ${name}`);
    const caught = new Set((state.Catch ?? []).flatMap(({ ErrorEquals }) => ErrorEquals));

    const passing = state.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);

    expect(passing).toContain("Lambda.TooManyRequestsException");
    expect(passing.filter((error) => !caught.has(error))).toEqual([]);
  },
);
