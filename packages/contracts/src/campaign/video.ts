import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Code points of any text about a video that is kept. */
export const VIDEO_TEXT = 200;
const text = v.pipe(v.string(), v.maxCodePoints(VIDEO_TEXT));
const link = v.pipe(v.string(), v.regex(/^https:\/\/[^\s"'<>]{1,300}$/, "an https URL"));

/** A video's id at YouTube. */
export const VideoId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,32}$/, "a video's id"));

/**
 * A video about a product. Some members stand twice, once in the spelling that screens read; texts are cleaned and cut. A
 * video that was taken down since can still be here, for a day.
 */
export const Video = v.strictObject({
  video_id: VideoId,
  title: text,
  channel_title: text,
  channelTitle: text,
  description: text,
  published_at: v.pipe(v.string(), v.isoTimestamp()),
  thumbnail_url: link,
  thumbnailUrl: link,
  viewCount: count,
  likeCount: count,
  commentCount: count,
  /** By the formula in docs/architecture.md; of no model. */
  relevance_score: v.pipe(count, v.maxValue(100)),
  url: v.pipe(v.string(), v.regex(/^https:\/\/www\.youtube\.com\/watch\?v=[A-Za-z0-9_-]{1,32}$/)),
});
export type Video = v.InferOutput<typeof Video>;

/** A video as the record has it. One whose texts may be meant to instruct a model is shown to none. */
export const FoundVideo = v.strictObject({ ...Video.entries, flagged: v.boolean() });
export type FoundVideo = v.InferOutput<typeof FoundVideo>;

/** What became of asking YouTube: `no_key` where none is set or none is taken, `unavailable` for anything else. */
export const youtubeStates = ["ok", "no_key", "quota_exhausted", "unavailable"] as const;
export type YoutubeState = (typeof youtubeStates)[number];

/** What was found at YouTube about a product. */
export const YoutubeData = v.strictObject({
  state: v.picklist(youtubeStates),
  query: v.string(),
  /** Whether an equal query's answer of the last day was taken. */
  from_cache: v.boolean(),
  /** False where the counts could not be had: they are 0 then. */
  statistics: v.boolean(),
  /** The most relevant first. */
  videos: v.array(FoundVideo),
  enriched_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type YoutubeData = v.InferOutput<typeof YoutubeData>;
