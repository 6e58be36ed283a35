import type { ApiRoute } from "./read-apis.ts";

export interface Matched {
  readonly route: ApiRoute;
  /** Values of the path's parameters, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The route for a request: a full match before one with a greedy parameter (`{proxy+}`), a fixed segment before a
 * parameter, a method before `ANY`, and `$default` last.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * A slash at a request's end is a segment, which is empty: only a greedy parameter takes it.
 *
 * @param path percent-encoded, without the query
 */
export function matchRoute(routes: readonly ApiRoute[], method: string, path: string): Matched | undefined {
  const segments = path.split("/").slice(1).map(decoded);
  const matches = routes.flatMap((route) => match(route, method, segments));
  matches.sort((left, right) => (left.rank < right.rank ? -1 : 1));
  const [best] = matches;
  if (best !== undefined) return best;
  const fallback = routes.find(({ key }) => key === "$default");
  return fallback && { route: fallback, parameters: {} };
}

/** @returns nothing, or the match with a rank: the smaller the better */
function match(
  route: ApiRoute,
  method: string,
  segments: readonly string[],
): (Matched & { readonly rank: string })[] {
  const [, wanted, path] = /^(\S+) \/(.*)$/.exec(route.key) ?? [];
  if (path === undefined || (wanted !== method && wanted !== "ANY")) return [];
  const parameters: Record<string, string> = {};
  const parts = path.split("/");
  let rank = "";
  for (const [index, part] of parts.entries()) {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(part) ?? [];
    const segment = segments[index];
    if (segment === undefined) return [];
    if (name !== undefined && greedy === "+") {
      parameters[name] = segments.slice(index).join("/");
      return [{ route, parameters, rank: `${rank}2${wanted === "ANY" ? 1 : 0}` }];
    }
    if (name === undefined ? part !== segment : segment === "") return [];
    if (name !== undefined) parameters[name] = segment;
    rank += name === undefined ? "0" : "1";
  }
  if (segments.length !== parts.length) return [];
  return [{ route, parameters, rank: `${rank}${wanted === "ANY" ? 1 : 0}` }];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
