import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { fromAws } from "./failures.ts";

/**
 * Whether the condition of a write to DynamoDB held; where it did not, nothing was written.
 * @param about what is written, for the messages of other failures
 * @throws what {@link fromAws} does
 */
export async function conditionHeld(about: string, write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    return fromAws(about)(error);
  }
}
