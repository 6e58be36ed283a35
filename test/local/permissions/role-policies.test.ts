import { describe, expect, it } from "vitest";
import { Permissions } from "../../../packages/local/src/cloud/permissions/index.ts";
import * as small from "../small-graph.ts";

const ACCOUNT = "000000000000";
const policyArn = `arn:aws:iam::${ACCOUNT}:policy/shared`;
const BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const document = (Action: string, Resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

const attach = (role: string, arn: string) =>
  small.resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", {
    role,
    policyArn: arn,
  });
const shared = small.resource(
  "aws:iam/policy:Policy",
  "shared",
  { policy: document("s3:GetObject", "arn:aws:s3:::box/*") },
  { arn: policyArn },
);

/** What the roles of a program are granted: `policy: action on resource`. */
function granted(...resources: ReturnType<typeof small.resource>[]): string[] {
  return new Permissions(small.graphOf(resources))
    .granted()
    .map(({ policy, action, resource }) => `${policy}: ${action} on ${resource}`);
}

describe("a role is granted", () => {
  it("what its own policies say, inside of it and beside it", () => {
    const beside = small.resource("aws:iam/rolePolicy:RolePolicy", "beside", {
      name: "beside",
      role: "worker",
      policy: document("sqs:SendMessage", "*"),
    });
    const inside = small.role("worker", [
      { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: "arn:aws:s3:::box/*" },
    ]);
    expect(granted(inside, beside)).toEqual([
      "grants: s3:PutObject on arn:aws:s3:::box/*",
      "grants: s3:DeleteObject on arn:aws:s3:::box/*",
      "beside: sqs:SendMessage on *",
    ]);
  });

  it("what is attached to it, by its name or its ARN", () => {
    const roles = [small.role("one", []), small.role("two", [])];
    const attachments = [attach("one", policyArn), attach(`arn:aws:iam::${ACCOUNT}:role/two`, policyArn)];
    const line = `${policyArn}: s3:GetObject on arn:aws:s3:::box/*`;
    expect(granted(shared, ...roles, ...attachments)).toEqual([line, line]);
  });

  it("what AWS's own policies say, by their text as AWS publishes it", () => {
    expect(granted(small.role("worker", []), attach("worker", BASIC))).toEqual(
      ["CreateLogGroup", "CreateLogStream", "PutLogEvents"].map((action) => `${BASIC}: logs:${action} on *`),
    );
  });
});

describe("the cloud does not boot", () => {
  it("under a policy of AWS's whose text it does not know", () => {
    const unknown = "arn:aws:iam::aws:policy/AdministratorAccess";
    expect(() => granted(small.role("worker", []), attach("worker", unknown))).toThrow(
      expect.objectContaining({
        name: "UnknownManagedPolicy",
        message: expect.stringMatching(/The role worker has .*AdministratorAccess.*managed-policies\.ts/),
      }),
    );
  });

  it("under a policy that IAM would refuse", () => {
    const broken = small.role("worker", [{ Effect: "Allow", Action: "s3:GetObject" }]);
    expect(() => granted(broken)).toThrow(
      expect.objectContaining({ name: "InvalidPolicy", message: expect.stringContaining("the role worker") }),
    );
  });
});
