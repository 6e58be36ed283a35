/** A label as Rekognition gives it, of what is read of it. Source: Amazon Rekognition API, Label */
export interface DetectedLabel {
  readonly Name?: string | undefined;
  /** Percent. */
  readonly Confidence?: number | undefined;
  readonly Instances?: readonly unknown[] | undefined;
  readonly Categories?: readonly { readonly Name?: string | undefined }[] | undefined;
}

/** What is seen in a picture. */
export interface DetectedLabels {
  readonly labels: readonly DetectedLabel[];
  readonly modelVersion: string;
}

/** Says what is seen in a picture that lies in S3. */
export interface LabelDetector {
  /**
   * @param limits most labels, and the percentage from which on one counts
   * @throws {UnusableImage} {@link ObjectMissing} {@link Throttled} {@link UpstreamUnavailable} {@link AccessDenied}
   */
  detect(
    image: { readonly bucket: string; readonly key: string },
    limits: { readonly most: number; readonly confidence: number },
  ): Promise<DetectedLabels>;
}
