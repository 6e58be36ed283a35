import { ACCOUNT, type RenderedResource } from "./graph.ts";
import { identify } from "./identity.ts";
import { plainRecord } from "./plain.ts";
import { policyDocument } from "./policy-document.ts";

/** What Pulumi hands over when the program creates a resource. */
export interface CreatedResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** False for a component: a grouping of resources that AWS knows nothing of. */
  custom?: boolean;
}

/** What Pulumi hands over when the program asks the provider something. */
export interface ProviderCall {
  token: string;
  inputs: Record<string, unknown>;
}

/** The program asks AWS a question that has no answer without an account. */
export class UnknownProviderCall extends Error {
  override readonly name = "UnknownProviderCall";
  constructor(token: string) {
    super(
      `The program calls ${token}, which the renderer cannot answer without AWS. ` +
        "Avoid the call, or add its answer to packages/local/src/render/aws-answers.ts.",
    );
  }
}

/** Stands in for AWS while the program is evaluated: answers as AWS would, and writes down what was created. */
export class AwsAnswers {
  readonly resources: RenderedResource[] = [];
  /** Options of resources by type and name: Pulumi tells of them apart from the inputs, and before. */
  readonly #ignored = new Map<string, string[]>();
  readonly #region: string;
  readonly #root: string;

  constructor(region: string, root: string) {
    this.#region = region;
    this.#root = root;
  }

  /** A resource was constructed with these options. */
  expect(type: string, name: string, { ignoreChanges = [] }: { ignoreChanges?: string[] }): void {
    this.#ignored.set(`${type} ${name}`, ignoreChanges);
  }

  newResource = async ({ type, name, inputs, custom }: CreatedResource) => {
    if (custom === false) return { id: "", state: inputs };
    const values = await plainRecord(inputs, this.#root, name);
    const { id, added } = identify({ type, name, inputs: values, region: this.#region });
    // Assets stay what they are for the program; the graph keeps their paths.
    const ignoreChanges = this.#ignored.get(`${type} ${name}`) ?? [];
    this.resources.push({ type, name, inputs: values, id, state: { ...values, ...added }, ignoreChanges });
    return { id, state: { ...inputs, ...added } };
  };

  call = ({ token, inputs }: ProviderCall): Record<string, unknown> => {
    switch (token) {
      case "aws:index/getRegion:getRegion":
        return { id: this.#region, region: this.#region, name: this.#region };
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { id: ACCOUNT, accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT };
      case "aws:index/getPartition:getPartition":
        return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
      case "aws:iam/getPolicyDocument:getPolicyDocument":
        return { ...inputs, id: "document", json: policyDocument(inputs) };
      default:
        throw new UnknownProviderCall(token);
    }
  };
}
