import type { ResourceGraph } from "../render/graph.ts";
import { type DistributionSides, serveDistribution } from "./distribution/serve-distribution.ts";
import { distributions } from "./program/distributions.ts";
import { openYoutubeService } from "./youtube/youtube-service.ts";

/** Where YouTube's Data API is. */
const YOUTUBE = "https://www.googleapis.com/youtube/v3";

/** What is out on the internet and has a stand-in here: YouTube, and CloudFront's edge. */
export interface Outside {
  /** Base URLs of the program's distributions, by their names. */
  readonly distributions: Readonly<Record<string, string>>;
  /** Base URL of the stand-in for YouTube's Data API. */
  readonly youtube: string;
  /**
   * A value with every address in it that has a stand-in led there: so what the deployment links to a function needs no knob for
   * the laptop.
   */
  readonly local: (value: unknown) => unknown;
  close(): Promise<void>;
}

/**
 * Opens the stand-ins for what is outside of the cloud.
 * @param options.port of the first of them on 127.0.0.1, the others count on from there; 0 takes any that are free
 * @throws {PortTaken | UnsupportedDistribution}
 */
export async function openOutside(
  graph: ResourceGraph,
  options: DistributionSides & { readonly port: number; readonly youtubeMs: number | undefined },
): Promise<Outside> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    await Promise.all(opened.map((each) => each.close()));
  };
  const portOf = (place: number) => (options.port === 0 ? 0 : options.port + place);
  try {
    const stands: [address: string, at: string][] = [];
    const doors: [name: string, at: string][] = [];
    const wanted = distributions(graph);
    for (const [place, distribution] of wanted.entries()) {
      const door = await serveDistribution(distribution, portOf(place), options);
      opened.push(door);
      doors.push([distribution.name, door.endpoint]);
      stands.push([`https://${distribution.domainName}`, door.endpoint]);
    }
    const youtube = await openYoutubeService(portOf(wanted.length), { delayMs: options.youtubeMs });
    opened.push(youtube);
    stands.push([YOUTUBE, youtube.url]);
    return {
      distributions: Object.fromEntries(doors),
      youtube: youtube.url,
      local: (value) => led(value, stands),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function led(value: unknown, stands: readonly (readonly [string, string])[]): unknown {
  if (typeof value === "string") {
    const found = stands.find(([address]) => value === address || value.startsWith(`${address}/`));
    return found === undefined ? value : found[1] + value.slice(found[0].length);
  }
  if (Array.isArray(value)) return value.map((each: unknown) => led(each, stands));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, led(each, stands)]));
}
