import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { formScope } from "../services/s3/post-form.ts";
import { alsoHttp2 } from "./also-http2.ts";
import { answerError } from "./answer.ts";
import { AwsError, NotImplemented } from "./aws-error.ts";
import { type Call, header, type Service } from "./call.ts";
import type { CredentialIssuer } from "./credentials.ts";
import { type Listening, listen } from "./listen.ts";

/** `endpoint` is the endpoint URL of every service. */
export type Gateway = Listening;

export interface GatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly credentials: CredentialIssuer;
  /** By the service name of the credential scope. */
  readonly services: Readonly<Record<string, Service>>;
  /** Lets a call through to its service, or says why not. */
  readonly guard: {
    admit(call: Call): Promise<void>;
    refusal(call: Call, demand: { action: string; resource: string }): Promise<AwsError | undefined>;
  };
  /** What stands at `GET /_penstock`: no bucket can have that name. */
  readonly describe: () => unknown;
}

/** `Credential=AKID/20260101/us-east-1/s3/aws4_request`, in the header or, presigned, in the query. */
function credentialScope(request: IncomingMessage, query: URLSearchParams) {
  const inHeader = /Credential=([^,\s]+)/.exec(header(request, "authorization") ?? "")?.[1];
  const [accessKeyId, , region, service] = (inHeader ?? query.get("X-Amz-Credential") ?? "").split("/");
  if (!accessKeyId || !region || !service) return undefined;
  return { accessKeyId, region, service };
}

function toCall(
  request: IncomingMessage,
  response: ServerResponse,
  { credentials, guard }: GatewayOptions,
): Call {
  const [path = "/", search = ""] = (request.url ?? "/").split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const scope = credentialScope(request, query);
  const call: Call = {
    service: scope?.service ?? "",
    region: scope?.region ?? "",
    caller: credentials.identify(scope?.accessKeyId ?? ""),
    requestId: randomUUID(),
    path,
    query,
    request,
    response,
    refusal: (action, resource) => guard.refusal(call, { action, resource }),
    admit: () => guard.admit(call),
  };
  return call;
}

/** A call that has no signature in its head, as the form's that its body is. @throws {AwsError} */
async function asForm(unsigned: Call, { credentials, guard }: GatewayOptions): Promise<Call> {
  const scope = await formScope(unsigned.request);
  if (scope === undefined) {
    throw new AwsError(
      "MissingAuthenticationToken",
      "The request is not signed: no credential scope names a service.",
      403,
    );
  }
  const call: Call = {
    ...unsigned,
    service: "s3",
    region: scope.region,
    caller: credentials.identify(scope.accessKeyId),
    refusal: (action, resource) => guard.refusal(call, { action, resource }),
    admit: () => guard.admit(call),
  };
  return call;
}

/**
 * Opens the one door of the local cloud. The AWS SDKs and the AWS CLI reach every service here with nothing but an
 * endpoint URL: the service is read from the credential scope that they sign with.
 * @throws {PortTaken}
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const route = async (received: Call): Promise<void> => {
    if (received.path === "/_penstock" && received.request.method === "GET") {
      received.response.writeHead(200, { "content-type": "application/json" });
      received.response.end(JSON.stringify(options.describe()));
      return;
    }
    const form = received.service === "";
    const call = form ? await asForm(received, options) : received;
    const service = options.services[call.service];
    if (service === undefined) {
      const target = header(call.request, "x-amz-target");
      throw new NotImplemented(call.service, target ?? `${call.request.method} ${call.path}`);
    }
    if (!form) await call.admit();
    await service.handle(call);
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const call = toCall(request, response, options);
    // A caller that goes away (a killed sandbox) must not take the cloud with it.
    request.on("error", () => {});
    response.on("error", () => {});
    route(call).catch((thrown: unknown) => {
      const json = header(request, "x-amz-target") !== undefined;
      answerError(call, options.services[call.service]?.protocol ?? (json ? "json" : "rest-xml"), thrown);
    });
  });
  // Uploads may take long.
  server.requestTimeout = 0;
  const endSessions = alsoHttp2(server);
  const listening = await listen(server, options.port);
  return {
    endpoint: listening.endpoint,
    close: () => {
      endSessions();
      return listening.close();
    },
  };
}
