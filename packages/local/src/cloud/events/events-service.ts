import { AwsError } from "../gateway/aws-error.ts";
import type { Service } from "../gateway/call.ts";
import { jsonService } from "../gateway/json-service.ts";
import { type BusEvent, makeEvent } from "./event.ts";

interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The event of one entry, or why EventBridge would not take it. */
function eventOf(
  entry: unknown,
  place: { account: string; region: string },
): { event: BusEvent; bus: string } | EntryFailure {
  if (!isRecord(entry)) return { ErrorCode: "InvalidArgument", ErrorMessage: "The entry is not an object." };
  const missing = ["Source", "DetailType", "Detail"].find((name) => optionalText(entry[name]) === undefined);
  if (missing !== undefined) {
    return {
      ErrorCode: "InvalidArgument",
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  }
  let detail: unknown;
  try {
    detail = JSON.parse(String(entry.Detail));
  } catch {
    detail = undefined;
  }
  if (!isRecord(detail)) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const resources = Array.isArray(entry.Resources) ? entry.Resources.map(String) : [];
  const time = typeof entry.Time === "number" ? new Date(entry.Time * 1000) : new Date();
  const bus = optionalText(entry.EventBusName) ?? "default";
  const facts = {
    source: String(entry.Source),
    "detail-type": String(entry.DetailType),
    resources,
    detail,
    time,
  };
  return { event: makeEvent(facts, place), bus: bus.slice(bus.lastIndexOf("/") + 1) };
}

/** EventBridge's API, as far as putting events goes. */
export function eventsService(
  place: { account: string; region: string },
  buses: readonly string[],
  put: (event: BusEvent, bus: string) => void,
): Service {
  return jsonService("events", "1.1", {
    PutEvents: ({ Entries }) => {
      if (!Array.isArray(Entries) || Entries.length < 1 || Entries.length > 10) {
        throw new AwsError(
          "ValidationException",
          "Value at 'entries' failed to satisfy constraint: Member must have length between 1 and 10",
        );
      }
      const results = Entries.map((entry) => {
        const made = eventOf(entry, place);
        if ("ErrorCode" in made) return made;
        // An event for a bus that does not exist is accepted and gone, on AWS too.
        if (buses.includes(made.bus)) put(made.event, made.bus);
        return { EventId: made.event.id };
      });
      return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
    },
  });
}
