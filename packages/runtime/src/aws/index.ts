/** What reaches AWS, without an engine: for a function that must begin fast. */

export { currentBuild } from "../builds/current-build.ts";
export type { ObjectFacts, ObjectStore } from "../store/object-store.ts";
export { s3ObjectStore } from "../store/s3.ts";
export { clients, newS3Client } from "./clients.ts";
export { conditionHeld } from "./condition-held.ts";
export { awsFailure, fromAws } from "./failures.ts";
export { plainItem } from "./plain-item.ts";
