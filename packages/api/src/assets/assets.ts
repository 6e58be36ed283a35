import type {
  Caller,
  ImageId,
  ImageQueued,
  ImageRequest,
  ImageStatus,
  UploadForm,
  UploadFormWanted,
  UploadId,
  UploadStatus,
} from "@penstock/contracts";

/** Pictures and uploads, as the API has them. Everything is the caller's own: of others' nothing is there. */
export interface Assets {
  /** @throws {Problem} `too-many-requests`; `unavailable` when the queue takes nothing */
  requestImage(caller: Caller, wanted: ImageRequest): Promise<ImageQueued>;
  /** @throws {Problem} `not-found` */
  imageStatus(caller: Caller, id: ImageId): Promise<ImageStatus>;
  /** @throws {Problem} `too-many-requests`; `invalid-input` for a file that is too large */
  uploadForm(caller: Caller, wanted: UploadFormWanted): Promise<UploadForm>;
  /** @throws {Problem} `too-many-requests`; `not-found`: nothing is there, not yet, or it is somebody else's */
  uploadStatus(caller: Caller, id: UploadId): Promise<UploadStatus>;
}
