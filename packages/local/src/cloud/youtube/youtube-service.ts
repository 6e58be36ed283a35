import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../gateway/listen.ts";
import { searchPage, statisticsPage } from "./offline-videos.ts";

const MOST_RESULTS = 50;
const PATH = "/youtube/v3";

/** The stand-in while it answers. */
export interface YoutubeService {
  /** In the place of `https://www.googleapis.com/youtube/v3`. */
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An error in Google's form. https://developers.google.com/youtube/v3/docs/core_errors */
function refused(
  status: number,
  {
    message,
    reason,
    domain,
    details,
  }: { message: string; reason: string; domain: string; details?: readonly object[] },
  name: string,
): Answer {
  return {
    status,
    body: {
      error: {
        code: status,
        message,
        errors: [{ message, domain, reason }],
        status: name,
        ...(details && { details }),
      },
    },
  };
}

/** Searches have a quota of their own. https://developers.google.com/youtube/v3/determine_quota_cost */
const NO_SEARCHES_LEFT = refused(
  429,
  {
    message:
      "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' of service 'youtube.googleapis.com' for consumer 'project_number:0'.",
    reason: "rateLimitExceeded",
    domain: "global",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "RATE_LIMIT_EXCEEDED",
        domain: "googleapis.com",
        metadata: {
          service: "youtube.googleapis.com",
          quota_limit: "defaultSearchListPerDayPerProject",
          consumer: "projects/0",
        },
      },
    ],
  },
  "RESOURCE_EXHAUSTED",
);

const badRequest = (message: string, reason: string) =>
  refused(400, { message, reason, domain: "youtube.parameter" }, "INVALID_ARGUMENT");

/**
 * Stands in for YouTube's Data API: search and statistics in their real form, made up from what is asked, and saying so. Any
 * key is taken, none is refused.
 * @param limits searches until their quota is exhausted, endless if absent; milliseconds that an answer takes longer
 * @throws {PortTaken}
 */
export async function openYoutubeService(
  port: number,
  { searches, delayMs = 0 }: { readonly searches?: number; readonly delayMs?: number | undefined } = {},
): Promise<YoutubeService> {
  let left = searches ?? Number.POSITIVE_INFINITY;

  const answerTo = (path: string, query: URLSearchParams): Answer => {
    if (path !== `${PATH}/search` && path !== `${PATH}/videos`) {
      const message = `The stand-in for YouTube has no ${path}: it has ${PATH}/search and ${PATH}/videos.`;
      return refused(404, { message, reason: "notFound", domain: "global" }, "NOT_FOUND");
    }
    if (!query.get("key")) {
      const message =
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
      return refused(403, { message, reason: "forbidden", domain: "global" }, "PERMISSION_DENIED");
    }
    return path.endsWith("/search") ? search(query) : videos(query);
  };

  const search = (query: URLSearchParams): Answer => {
    const most = Number(query.get("maxResults") ?? 5);
    if (query.get("part") !== "snippet") return badRequest("part: the stand-in has snippet.", "unknownPart");
    if (!Number.isInteger(most) || most < 0 || most > MOST_RESULTS)
      return badRequest(`maxResults: 0 to ${MOST_RESULTS}.`, "invalidParameter");
    if (query.get("type") !== "video") return badRequest("type: the stand-in has video.", "invalidParameter");
    left -= 1;
    return left < 0 ? NO_SEARCHES_LEFT : { status: 200, body: searchPage(query.get("q") ?? "", most) };
  };

  const videos = (query: URLSearchParams): Answer => {
    const ids = (query.get("id") ?? "").split(",").filter((id) => id !== "");
    if (query.get("part") !== "statistics")
      return badRequest("part: the stand-in has statistics.", "unknownPart");
    if (ids.length === 0) return badRequest("No filter selected.", "missingRequiredParameter");
    if (ids.length > MOST_RESULTS) return badRequest(`id: at most ${MOST_RESULTS}.`, "invalidParameter");
    return { status: 200, body: statisticsPage(ids) };
  };

  const server = createServer((request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    request.resume();
    const [path = "", search = ""] = (request.url ?? "").split(/\?(.*)/s);
    const { status, body } =
      request.method === "GET"
        ? answerTo(path, new URLSearchParams(search))
        : refused(
            405,
            { message: "GET only.", reason: "httpMethodNotAllowed", domain: "global" },
            "INVALID_ARGUMENT",
          );
    void sleep(delayMs).then(() => {
      response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
      response.end(JSON.stringify(body));
    });
  });
  const { endpoint, close } = await listen(server, port);
  return { url: `${endpoint}${PATH}`, close };
}
