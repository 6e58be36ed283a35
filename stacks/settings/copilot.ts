/** The copilot's own part of the stage's settings. */
export interface CopilotStageSettings {
  /** A model of Bedrock's or an inference profile, by its id, and the region that is asked. */
  readonly modelId: string;
  readonly modelRegion: string;
  /** The model behind the profile, and the regions that the profile may pass a request on to. */
  readonly foundationModel: string;
  readonly foundationRegions: readonly string[];
  /** Most bytes of Parquet objects that a question may read. */
  readonly maxBytes: number;
  /** Most rows of an answer. */
  readonly maxRows: number;
  /** Seconds after which a query is stopped: with two of the model's replies 5 less than `api.timeoutSeconds`, for all else. */
  readonly maxSeconds: number;
  /** Seconds after which a reply of the model is given up. */
  readonly modelSeconds: number;
}

/** The same for every stage. */
export const copilot: CopilotStageSettings = {
  modelId: "us.amazon.nova-pro-v1:0",
  modelRegion: "us-east-1",
  foundationModel: "amazon.nova-pro-v1:0",
  foundationRegions: ["us-east-1", "us-east-2", "us-west-2"],
  maxBytes: 1024 ** 3,
  maxRows: 200,
  maxSeconds: 10,
  modelSeconds: 6,
};
