import * as v from "valibot";

const Structured = v.object({
  statusCode: v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.integer()),
  headers: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  cookies: v.optional(v.array(v.string()), []),
  body: v.optional(v.string(), ""),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** An answer on its way out. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** What API Gateway itself says. */
export function gatewayAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    status,
    headers: { ...headers, "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/**
 * What a function returned as an HTTP answer, payload format 2.0: anything without a `statusCode` is itself the body.
 * What cannot be understood is a 500, as on AWS.
 *
 * @param payload JSON text
 */
export function proxyResult(payload: string): HttpAnswer {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    const body = Buffer.from(typeof value === "string" ? value : payload);
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const parsed = v.safeParse(Structured, value);
  if (!parsed.success) return gatewayAnswer(500, "Internal Server Error");
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  return {
    status: statusCode,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...Object.fromEntries(
        Object.entries(headers).map(([name, each]) => [name.toLowerCase(), String(each)]),
      ),
      ...(cookies.length > 0 && { "set-cookie": cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}
