import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { clients } from "../aws/clients.ts";

/**
 * A client of Bedrock's runtime in a region, over HTTP/1.1 as every other client here. Its own choice is HTTP/2, for
 * streams in both directions, which nobody needs here; its sessions do not survive that Lambda freezes the sandbox.
 */
export function newBedrockClient(region: string): BedrockRuntimeClient {
  return new BedrockRuntimeClient({ region, requestHandler: clients.dynamo.config.requestHandler });
}
