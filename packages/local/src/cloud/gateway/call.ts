import type { IncomingMessage, ServerResponse } from "node:http";

/** Who calls: a role of the deployment program, or whoever sits at the machine. */
export interface Caller {
  readonly accessKeyId: string;
  /** ARN of the role, absent for the operator: any credentials that the cloud did not hand out. */
  readonly role?: string;
  /** What the role is used for, such as a function's name: the session name of the assumed role. */
  readonly session?: string;
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
