import { randomUUID } from "node:crypto";
import type { Clock } from "../../../engine/index.ts";
import type { AwsClients } from "../../aws-clients.ts";
import { AwsError } from "../../gateway/aws-error.ts";
import { type CrawlTally, crawl } from "./crawl.ts";
import type { CrawlCalls } from "./crawl-calls.ts";
import { type CrawlerDefinition, noCrawler } from "./crawler.ts";

export interface LastCrawl {
  readonly status: "SUCCEEDED" | "CANCELLED" | "FAILED";
  readonly error: string | undefined;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly tally: CrawlTally;
  /** Names the crawl's lines in its log. */
  readonly id: string;
}

export interface Crawler {
  definition: CrawlerDefinition;
  readonly createdAt: Date;
  updatedAt: Date;
  version: number;
  state: "READY" | "RUNNING" | "STOPPING";
  startedAt: Date | undefined;
  last: LastCrawl | undefined;
}

const nothing: CrawlTally = { created: 0, updated: 0, deleted: 0 };

/** Glue's crawlers. A crawl reads S3 and changes the catalogue by the services' own API, as the crawler's role. */
export class Crawlers {
  readonly #clients: AwsClients;
  readonly #account: string;
  readonly #clock: Clock;
  readonly #byName = new Map<string, Crawler>();
  readonly #running = new Map<Crawler, { readonly stop: AbortController; readonly done: Promise<void> }>();

  constructor(clients: AwsClients, account: string, clock: Clock) {
    this.#clients = clients;
    this.#account = account;
    this.#clock = clock;
  }

  /** Crawls that are under way. */
  get running(): number {
    return this.#running.size;
  }

  /** @throws {AwsError} AlreadyExistsException */
  create(definition: CrawlerDefinition): void {
    if (this.#byName.has(definition.Name))
      throw new AwsError("AlreadyExistsException", `Crawler ${definition.Name} already exists`);
    const now = new Date();
    this.#byName.set(definition.Name, {
      definition,
      createdAt: now,
      updatedAt: now,
      version: 1,
      state: "READY",
      startedAt: undefined,
      last: undefined,
    });
  }

  /** @throws {AwsError} EntityNotFoundException */
  get(name: string): Crawler {
    const found = this.#byName.get(name);
    if (found === undefined) throw noCrawler(name);
    return found;
  }

  all(): Crawler[] {
    return [...this.#byName.values()];
  }

  /** @throws {AwsError} EntityNotFoundException, CrawlerRunningException */
  update(definition: CrawlerDefinition): void {
    const crawler = this.#ready(definition.Name);
    crawler.definition = definition;
    crawler.updatedAt = new Date();
    crawler.version += 1;
  }

  /** @throws {AwsError} EntityNotFoundException, CrawlerRunningException */
  delete(name: string): void {
    this.#ready(name);
    this.#byName.delete(name);
  }

  /** @throws {AwsError} EntityNotFoundException, CrawlerRunningException */
  start(name: string): void {
    const crawler = this.#ready(name);
    const stop = new AbortController();
    crawler.state = "RUNNING";
    crawler.startedAt = new Date();
    // Nobody who polls it on a clock that shortens idle time is to run out of tries while it works.
    const rest = this.#clock.working?.();
    const done = this.#run(crawler, crawler.startedAt, stop.signal).finally(() => rest?.());
    this.#running.set(crawler, { stop, done });
  }

  /** @throws {AwsError} EntityNotFoundException, CrawlerNotRunningException, CrawlerStoppingException */
  stop(name: string): void {
    const crawler = this.get(name);
    if (crawler.state === "STOPPING")
      throw new AwsError("CrawlerStoppingException", `Crawler with name ${name} is stopping`);
    if (crawler.state === "READY")
      throw new AwsError("CrawlerNotRunningException", `Crawler with name ${name} isn't running`);
    crawler.state = "STOPPING";
    this.#running.get(crawler)?.stop.abort();
  }

  #ready(name: string): Crawler {
    const crawler = this.get(name);
    if (crawler.state !== "READY")
      throw new AwsError("CrawlerRunningException", `Crawler with name ${name} has already started`);
    return crawler;
  }

  async #run(crawler: Crawler, startedAt: Date, signal: AbortSignal): Promise<void> {
    const { Name, Role } = crawler.definition;
    const role = Role.startsWith("arn:") ? Role : `arn:aws:iam::${this.#account}:role/${Role}`;
    const call: CrawlCalls = async (service, action, input) =>
      (await this.#clients.call(service, action, input, { role, session: `AWS-Crawler-${Name}`, signal }))
        .output;
    const ended = (status: LastCrawl["status"], tally: CrawlTally, error?: string) => {
      const seconds = (Date.now() - startedAt.getTime()) / 1000;
      crawler.last = { status, error, startedAt, seconds, tally, id: randomUUID() };
    };
    // Whoever started it hears so first.
    await new Promise(setImmediate);
    try {
      ended("SUCCEEDED", await crawl(crawler.definition, call));
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      if (signal.aborted) ended("CANCELLED", nothing);
      else ended("FAILED", nothing, message);
    }
    crawler.state = "STOPPING";
    // Seen by whoever asks at this moment, as on AWS, where it lasts a minute.
    await new Promise(setImmediate);
    crawler.state = "READY";
    crawler.startedAt = undefined;
    this.#running.delete(crawler);
  }

  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
  }
}
