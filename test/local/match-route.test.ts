import { expect, it } from "vitest";
import { matchRoute } from "../../packages/local/src/cloud/http-api/match-route.ts";

const routes = ["POST /api/assets", "GET /api/assets/{request_id}", "GET /{proxy+}"].map((key) => ({
  key,
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:Api",
  authorizer: undefined,
  scopes: [],
}));

it.each([
  ["POST", "/api/assets", "POST /api/assets"],
  ["POST", "/api/assets/", "POST /api/assets"],
  ["GET", "/api/assets/1/", "GET /api/assets/{request_id}"],
  ["POST", "/api/assets//", undefined],
  ["GET", "/api/other/", "GET /{proxy+}"],
  ["POST", "/", undefined],
])("%s %s is a request for %s", (method, path, key) => {
  expect(matchRoute(routes, method, path)?.route.key).toBe(key);
});
