import type { ServerResponse } from "node:http";
import { AwsError } from "./aws-error.ts";
import type { Call, Service } from "./call.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
};

/** Text as it may stand inside an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => entities[character] ?? character);
}

/** Answers a JSON body with the headers that AWS's JSON protocols carry. */
export function answerJson(
  call: Call,
  status: number,
  body: unknown,
  contentType = "application/x-amz-json-1.0",
): void {
  const text = JSON.stringify(body);
  call.response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": call.requestId,
  });
  call.response.end(text);
}

/** Answers an XML document. */
export function answerXml(call: Call, status: number, xml: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  call.response.writeHead(status, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": call.requestId,
    "x-amz-request-id": call.requestId,
  });
  call.response.end(call.request.method === "HEAD" ? undefined : text);
}

function errorXml(error: AwsError, call: Call, protocol: "query" | "rest-xml"): string {
  const code = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  if (protocol === "rest-xml") {
    const resource = `<Resource>${escapeXml(call.path)}</Resource>`;
    const details = Object.entries(error.details).map(
      ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
    );
    return `<Error>${code}${details.join("")}${resource}<RequestId>${call.requestId}</RequestId></Error>`;
  }
  const type = `<Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>`;
  return `<ErrorResponse><Error>${type}${code}</Error><RequestId>${call.requestId}</RequestId></ErrorResponse>`;
}

/** What a service threw, in its own wire format. A fault of the cloud itself is an InternalFailure with its message. */
export function answerError(call: Call, protocol: Service["protocol"], thrown: unknown): void {
  const error =
    thrown instanceof AwsError
      ? thrown
      : new AwsError("InternalFailure", thrown instanceof Error ? thrown.message : String(thrown), 500);
  if (call.response.headersSent) {
    call.response.destroy();
    return;
  }
  // A body that nobody read would be taken for the next request on this connection.
  call.request.resume();
  for (const [name, value] of Object.entries(error.headers)) call.response.setHeader(name, value);
  if (protocol === "query" || protocol === "rest-xml") {
    answerXml(call, error.status, errorXml(error, call, protocol));
    return;
  }
  call.response.setHeader("x-amzn-errortype", error.code);
  const message = protocol === "rest-json" ? { Type: "User", Message: error.message } : {};
  answerJson(call, error.status, { __type: error.code, message: error.message, ...message });
}

/** Copies an answer that was made in memory onto the wire. */
export function forward(
  response: ServerResponse,
  answer: { statusCode: number; headers: Readonly<Record<string, unknown>>; rawPayload: Buffer },
): void {
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name === "connection" || name === "transfer-encoding" || name === "content-length") continue;
    if (Array.isArray(value)) response.setHeader(name, value.map(String));
    else if (value !== undefined) response.setHeader(name, String(value));
  }
  response.writeHead(answer.statusCode, { "content-length": answer.rawPayload.length });
  response.end(answer.rawPayload);
}
