/** Uploads of pictures by signed forms, and what arrived by them: what the API needs of them. */
export { judgeImage } from "./judge-image.ts";
export { keepUpload } from "./keep-upload.ts";
export { ownerMark } from "./owner-mark.ts";
export { type PresignPorts, presignUpload } from "./presign-upload.ts";
export { s3Uploads } from "./s3-uploads.ts";
export { type JudgedUpload, judgedUpload, type UploadPorts, uploadStatus } from "./upload-status.ts";
export type { FormTerms, UploadedFile, Uploads } from "./uploads.ts";
