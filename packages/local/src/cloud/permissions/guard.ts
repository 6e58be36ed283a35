import { randomUUID } from "node:crypto";
import type { ResourceGraph } from "../../render/graph.ts";
import { AwsError, NotImplemented } from "../gateway/aws-error.ts";
import type { Call } from "../gateway/call.ts";
import { actionOf, type Parameters, readParameters } from "../gateway/json-service.ts";
import { readBody } from "../gateway/request-body.ts";
import { buckets } from "../program/storage.ts";
import { accessDenied } from "./access-denied.ts";
import type { Demand } from "./demand.ts";
import { athenaDemands } from "./demands/athena.ts";
import { bedrockDemands } from "./demands/bedrock.ts";
import { dynamoDbDemands } from "./demands/dynamodb.ts";
import { eventsDemands } from "./demands/events.ts";
import { firehoseDemands } from "./demands/firehose.ts";
import { glueDemands } from "./demands/glue.ts";
import { kinesisDemands } from "./demands/kinesis.ts";
import { lambdaDemands } from "./demands/lambda.ts";
import { rekognitionDemands } from "./demands/rekognition.ts";
import { s3Demands } from "./demands/s3.ts";
import { snsDemands } from "./demands/sns.ts";
import { sqsDemands } from "./demands/sqs.ts";
import { statesDemands } from "./demands/states.ts";
import { encryptionKeys } from "./encryption-keys.ts";
import type { Facts, JsonDemands } from "./facts.ts";
import { type Permissions, UnknownPermission } from "./permissions.ts";
import { principalOf } from "./principal.ts";

/** The largest request that any of the JSON services takes: DynamoDB's. */
const LIMIT_BYTES = 16 * 1024 * 1024;

const jsonServices: Readonly<Record<string, JsonDemands>> = {
  athena: athenaDemands,
  dynamodb: dynamoDbDemands,
  events: eventsDemands,
  firehose: firehoseDemands,
  glue: glueDemands,
  kinesis: kinesisDemands,
  rekognition: rekognitionDemands,
  sqs: sqsDemands,
  states: statesDemands,
};

/** Stands at the gateway: lets a call through only when its caller may do all that it asks for. */
export class Guard {
  readonly #permissions: Permissions;
  readonly #facts: Facts;

  /** Athena's executions, once there is an Athena: they only exist while the cloud runs. */
  workGroupOf: Facts["workGroupOf"] = () => undefined;

  constructor(graph: ResourceGraph, permissions: Permissions) {
    this.#permissions = permissions;
    const keys = encryptionKeys(graph);
    const names = new Set(buckets(graph).map(({ name }) => name));
    this.#facts = {
      place: { region: graph.region, account: graph.account },
      keyOf: (arn) => keys.get(arn),
      hasBucket: (name) => names.has(name),
      workGroupOf: (id) => this.workGroupOf(id),
    };
  }

  /** @throws {AwsError} that the caller may not, as the service words it */
  async admit(call: Call): Promise<void> {
    if (principalOf(call.caller, this.#facts.place.account) === undefined) return;
    for (const demand of await this.#demands(call)) {
      const refused = await this.refusal(call, demand);
      if (refused !== undefined) throw refused;
    }
  }

  /** Why the caller may not do what a call turned out to need besides; nothing when it may. */
  async refusal(
    call: Pick<Call, "caller" | "service" | "requestId">,
    demand: Demand,
  ): Promise<AwsError | undefined> {
    const principal = principalOf(call.caller, this.#facts.place.account);
    if (principal === undefined) return undefined;
    try {
      const refused = await this.#permissions.refusal(principal, demand);
      return refused && accessDenied(call.service, refused, call.requestId);
    } catch (error) {
      // An action that IAM does not know is one that AWS does not have.
      if (error instanceof UnknownPermission) throw new AwsError("NotImplemented", error.message, 501);
      throw error;
    }
  }

  /**
   * Why a role may not call an action of a JSON service, where one service calls another in its name and not through the
   * gateway; nothing when it may.
   */
  async roleRefusal(
    as: { readonly role: string; readonly session: string },
    service: string,
    action: string,
    parameters: Parameters,
  ): Promise<AwsError | undefined> {
    const call = { caller: { accessKeyId: "", ...as }, service, requestId: randomUUID() };
    for (const demand of jsonServices[service]?.(action, parameters, this.#facts) ?? []) {
      const refused = await this.refusal(call, demand);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  async #demands(call: Call): Promise<readonly Demand[]> {
    const { service } = call;
    if (service === "s3") return s3Demands(call, this.#facts);
    if (service === "bedrock") return bedrockDemands(call, this.#facts);
    if (service === "lambda") return lambdaDemands(call, this.#facts);
    // Who one is, anybody may ask; more of STS there is not.
    if (service === "sts") return [];
    if (service === "sns") {
      const body = await readBody(call.request, LIMIT_BYTES);
      return snsDemands(new URLSearchParams(body.toString()), this.#facts);
    }
    const demandsOf = jsonServices[service];
    // A service that nobody wrote the permissions of down would let every role do everything.
    if (demandsOf === undefined)
      throw new NotImplemented(service, "for roles: its permissions are not known");
    const parameters = await readParameters(call.request, LIMIT_BYTES);
    return demandsOf(actionOf(call), parameters, this.#facts);
  }
}
