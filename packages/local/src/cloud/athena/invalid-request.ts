import { AwsError } from "../gateway/aws-error.ts";

/** Athena's answer to whatever is wrong with a request. */
export function invalid(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
