import type { SdkAnswer } from "../aws-clients.ts";

/** The HTTP facts that optimised integrations add to a result. */
export function sdkMetadata({ http }: SdkAnswer): Record<string, unknown> {
  const requestId = http.headers["x-amzn-requestid"] ?? http.headers["x-amz-request-id"] ?? "";
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(
        Object.entries(http.headers).map(([name, value]) => [name, [value]]),
      ),
      HttpHeaders: http.headers,
      HttpStatusCode: http.statusCode,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
