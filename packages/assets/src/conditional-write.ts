import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";

/** Whether the condition of a write to DynamoDB held. */
export async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
