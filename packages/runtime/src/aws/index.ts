/** The AWS clients and their failures alone: for a function that must not load an engine to begin. */
export { clients, newS3Client } from "./clients.ts";
export { awsFailure, fromAws } from "./failures.ts";
