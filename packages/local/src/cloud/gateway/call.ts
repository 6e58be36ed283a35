import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsError } from "./aws-error.ts";

/** Who calls: a role of the deployment program, an AWS service, or the operator: whoever sits at the machine. */
export interface Caller {
  readonly accessKeyId: string;
  /** ARN of the role; for the operator (any credentials that the cloud did not hand out) and for services absent. */
  readonly role?: string;
  /** What the role is used for, such as a function's name: the session name of the assumed role. */
  readonly session?: string;
  /** A service that calls in its own name, as EventBridge does for a target without a role. */
  readonly service?: ServiceIdentity;
}

/** An AWS service with the resource on whose behalf it acts. */
export interface ServiceIdentity {
  /** `events.amazonaws.com` */
  readonly name: string;
  /** ARN of the rule, the topic, the API. */
  readonly sourceArn: string;
}

/** One request at the gateway, on its way to a service. */
export interface Call {
  /** The service in the credential scope: `s3`, `dynamodb`, `states`. */
  readonly service: string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
  /** Path and query apart; the path still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /**
   * Why the caller may not do what the call turns out to need besides, which only the service finds out; nothing when
   * it may.
   */
  readonly refusal: (action: string, resource: string) => Promise<AwsError | undefined>;
  /**
   * Asks whether the caller may do what the call asks for. The gateway has, before the service; not of a form that uploads to
   * a bucket: it counts for nothing until its signature and its policy are found right, and then its service asks.
   * @throws {AwsError} that the caller may not
   */
  readonly admit: () => Promise<void>;
}

/** A service behind the gateway. What it throws is answered in the service's own wire format. */
export interface Service {
  readonly protocol: "json" | "query" | "rest-xml" | "rest-json";
  handle(call: Call): Promise<void>;
}

/** One header as text: the first, where it came more than once. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
