import { FoundVideo, VIDEO_TEXT } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import * as v from "valibot";
import { plainLine } from "../text/clean-text.ts";
import { relevance } from "./relevance.ts";
import type { SearchedVideo, VideoCounts } from "./youtube.ts";

/** YouTube's search writes titles as a page would have them. */
const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/**
 * Videos as the record has them, the most relevant first: texts cleaned and cut, a score, and a flag on those whose texts may be
 * meant to instruct a model. Those without an id or a date that can be read are left out.
 * @param counts by id; of a video that is not in there, nothing was counted
 */
export function foundVideos(
  query: string,
  searched: readonly SearchedVideo[],
  counts: ReadonlyMap<string, VideoCounts>,
  now: Date,
): FoundVideo[] {
  return searched
    .flatMap((video) => foundVideo(query, video, counts.get(video.id), now))
    .sort(
      (left, right) =>
        right.relevance_score - left.relevance_score || (left.video_id < right.video_id ? -1 : 1),
    );
}

function foundVideo(
  query: string,
  video: SearchedVideo,
  counts: VideoCounts = { views: 0, likes: 0, comments: 0 },
  now: Date,
): FoundVideo[] {
  const [title, description, channel] = [video.title, video.description, video.channel].map(plainText);
  const flagged = [video.title, video.description, video.channel].some(
    (text) => textFlags(text).length > 0 || textFlags(unescaped(text)).length > 0,
  );
  const picture = `https://i.ytimg.com/vi/${video.id}/default.jpg`;
  const found = (thumbnail: string) => ({
    video_id: video.id,
    title,
    channel_title: channel,
    channelTitle: channel,
    description,
    published_at: video.publishedAt,
    thumbnail_url: thumbnail,
    thumbnailUrl: thumbnail,
    viewCount: counts.views,
    likeCount: counts.likes,
    commentCount: counts.comments,
    relevance_score: relevance(
      query,
      { ...video, title: title ?? "", description: description ?? "", counts },
      now,
    ),
    url: `https://www.youtube.com/watch?v=${video.id}`,
    flagged,
  });
  for (const thumbnail of [video.thumbnailUrl, picture]) {
    const parsed = v.safeParse(FoundVideo, found(thumbnail));
    if (parsed.success) return [parsed.output];
  }
  return [];
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

function plainText(text: string): string {
  return [...plainLine(unescaped(text))].slice(0, VIDEO_TEXT).join("").trim();
}
