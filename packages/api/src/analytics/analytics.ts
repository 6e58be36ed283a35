import { createHash } from "node:crypto";
import {
  type ReportContract,
  ReportHead,
  type ReportPage,
  reportKey,
  type SystemAnalytics,
  type SystemContract,
  systemFor,
  systems,
} from "@penstock/contracts";
import { ObjectMissing } from "@penstock/runtime/errors";
import * as v from "valibot";
import { BuildGone, NothingBuilt, UnknownReport } from "./errors.ts";
import { readFilters } from "./filters.ts";
import { readToken, writeToken } from "./page-token.ts";
import type { AnalyticsPort } from "./port.ts";
import { readRows } from "./report-rows.ts";

export interface ReportQuery {
  readonly system: string;
  readonly report: string;
  /** Texts to look for, by column. */
  readonly filters: Readonly<Record<string, string>>;
  readonly limit: number;
  readonly token: string | undefined;
}

/** What was asked for in one build: fetched once more only when the caller does not have it. */
export interface FoundReport {
  /** Names the answer: the same for the same rows. */
  readonly etag: string;
  read(): Promise<ReportPage>;
}

/** The five systems' reports, as callers of the API see them. */
export class Analytics {
  readonly #port: AnalyticsPort;

  constructor(port: AnalyticsPort) {
    this.#port = port;
  }

  get maxAgeSeconds(): number {
    return this.#port.maxAgeSeconds;
  }

  /** What there is of a system. @throws {UnknownReport} */
  async overview(system: string): Promise<SystemAnalytics> {
    const { title, reports } = contractOf(system);
    const current = await this.#port.currentBuild(system);
    return {
      system,
      title,
      build: current?.build ?? null,
      built_at: current?.built_at ?? null,
      reports: await Promise.all(
        Object.entries(reports).map(async ([report, { description, table }]) => {
          // The others stand all the same where one is missing: cleared away, or not there yet.
          const head = current && (await this.#head(system, current.build, report).catch(unlessGone));
          return {
            report,
            description,
            link: `/api/analytics/${system}/${report}`,
            columns: table.columns.map(({ name }) => name),
            status: head?.status ?? null,
            reason: head?.status === "not enough data" ? head.reason : null,
            model: head?.model ?? null,
            version: head?.version ?? null,
            rows: head?.table.rows ?? null,
          };
        }),
      ),
    };
  }

  /**
   * Finds the report that a page is of; its rows are read when they are asked for.
   * @throws {UnknownReport} {@link InvalidFilter} {@link InvalidPageToken} {@link NothingBuilt} {@link BuildGone}
   */
  async find(query: ReportQuery): Promise<FoundReport> {
    const { system, report, limit, token } = query;
    const contract = reportOf(system, report);
    const filters = readFilters(contract.table, query.filters);
    const of = digest([system, report, ...Object.entries(query.filters).sort().flat()]);
    const position = token === undefined ? undefined : readToken(token, of);
    const build = position?.build ?? (await this.#port.currentBuild(system))?.build;
    if (build === undefined) throw new NothingBuilt(system);
    const from = position?.row ?? 0;
    const { columns } = contract.table;
    const head = await this.#head(system, build, report);
    // A build's name is not enough: another attempt may have written other objects, a new version of us other columns.
    const said = JSON.stringify([head, contract]);
    return {
      etag: `"${build}-${digest([of, String(from), String(limit), said])}"`,
      read: async () => {
        const { rows, next } = await readRows(
          head.table.objects,
          (key, start, end) => this.#port.store.range(this.#uri(system, key), start, end),
          {
            columns: columns.map(({ name }) => name),
            days: new Set(columns.filter(({ type }) => type === "date").map(({ name }) => name)),
            filters,
            from,
            limit,
          },
        ).catch(orGone(build));
        return {
          ...describe(head, contract),
          rows,
          next_token: next === undefined ? null : writeToken({ build, row: next, of }),
        };
      },
    };
  }

  async #head(system: string, build: string, report: string): Promise<ReportHead> {
    const uri = this.#uri(system, reportKey(build, report));
    return v.parse(ReportHead, await this.#port.store.getJson(uri).catch(orGone(build)));
  }

  #uri(system: string, key: string): `s3://${string}/${string}` {
    return `s3://${this.#port.buckets[system]}/${key}`;
  }
}

/** Builds are removed a while after the next one is current: whoever reads on in one may come too late. */
function orGone(build: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof ObjectMissing ? new BuildGone(build) : error;
  };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof BuildGone)) throw error;
}

function contractOf(system: string): SystemContract {
  const contract = systemFor(system);
  if (contract !== undefined) return contract;
  throw new UnknownReport(`There is no system "${system}". There are: ${Object.keys(systems).join(", ")}.`);
}

function reportOf(system: string, report: string): ReportContract {
  const { reports } = contractOf(system);
  const contract = Object.hasOwn(reports, report) ? reports[report] : undefined;
  if (contract !== undefined) return contract;
  throw new UnknownReport(`${system} has no report "${report}". It has: ${Object.keys(reports).join(", ")}.`);
}

function describe(head: ReportHead, { description, table }: ReportContract) {
  const { system, report, build, built_at, model, version } = head;
  const known = head.status === "ok" ? head : undefined;
  return {
    system,
    report,
    description,
    build,
    built_at,
    status: head.status,
    reason: head.status === "ok" ? null : head.reason,
    model,
    version,
    trained_on: known?.trained_on ?? null,
    metrics: known?.metrics ?? {},
    details: known?.details ?? {},
    columns: table.columns.map(({ name, type, comment }) => ({ name, type, comment })),
    report_rows: head.table.rows,
  };
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}
