/** Requests for pictures and their records: what the API needs of them. */
export type { Claim, DrawnPicture, ImageRecords } from "./claim.ts";
export { dynamoImages } from "./dynamo-images.ts";
export { imageStatus, type StatusPorts } from "./image-status.ts";
export { type RequestPorts, requestImage } from "./request-image.ts";
