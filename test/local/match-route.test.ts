import { expect, it } from "vitest";
import { matchRoute } from "../../packages/local/src/cloud/http-api/match-route.ts";

const keys = [
  "POST /api/assets",
  "POST /api/assets/{slash+}",
  "GET /api/assets/{request_id}",
  "GET /api/{proxy+}",
];
const routes = keys.map((key) => ({
  key,
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:Api",
  authorizer: undefined,
  scopes: [],
}));

it.each([
  ["POST", "/api/assets", "POST /api/assets"],
  ["POST", "/api/assets/", "POST /api/assets/{slash+}"],
  ["POST", "/api/assets//", "POST /api/assets/{slash+}"],
  ["POST", "/api/other/", undefined],
  ["GET", "/api/assets/1", "GET /api/assets/{request_id}"],
  ["GET", "/api/assets/1/", "GET /api/{proxy+}"],
  ["GET", "/api/assets/", "GET /api/{proxy+}"],
  ["POST", "/", undefined],
])("%s %s is a request for %s", (method, path, key) => {
  expect(matchRoute(routes, method, path)?.route.key).toBe(key);
});
