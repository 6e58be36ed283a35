import type { ServiceIdentity } from "./gateway/call.ts";
import type { CredentialIssuer } from "./gateway/credentials.ts";
import { unknownMembers } from "./unknown-members.ts";

/** In whose name the cloud calls: a role, a service by itself, or the operator who deploys. */
export type Identity =
  | { readonly role: string; readonly session: string }
  | { readonly service: ServiceIdentity }
  | { readonly operator: true };

/** What an SDK call answered: the modelled members, and the HTTP response beside them. */
export interface SdkAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly http: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> };
}

/** An AWS service by the name that Step Functions has for it in `aws-sdk:<name>`. */
interface SdkModule {
  readonly client: string;
  /** Loads the package of the service's client. */
  readonly load: () => Promise<object>;
}

const modules: Readonly<Record<string, SdkModule>> = {
  athena: { client: "AthenaClient", load: () => import("@aws-sdk/client-athena") },
  bedrockruntime: { client: "BedrockRuntimeClient", load: () => import("@aws-sdk/client-bedrock-runtime") },
  dynamodb: { client: "DynamoDBClient", load: () => import("@aws-sdk/client-dynamodb") },
  eventbridge: { client: "EventBridgeClient", load: () => import("@aws-sdk/client-eventbridge") },
  glue: { client: "GlueClient", load: () => import("@aws-sdk/client-glue") },
  lambda: { client: "LambdaClient", load: () => import("@aws-sdk/client-lambda") },
  s3: { client: "S3Client", load: () => import("@aws-sdk/client-s3") },
  sfn: { client: "SFNClient", load: () => import("@aws-sdk/client-sfn") },
  sns: { client: "SNSClient", load: () => import("@aws-sdk/client-sns") },
  sqs: { client: "SQSClient", load: () => import("@aws-sdk/client-sqs") },
  sts: { client: "STSClient", load: () => import("@aws-sdk/client-sts") },
};

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
}

type Middleware = (
  next: (request: object) => Promise<{ response: HttpResponse }>,
) => (request: object) => Promise<{ response: HttpResponse }>;

/** The part of a client and of a command that every service shares. The packages' own types are per service. */
interface Client {
  send(command: Command, options: { abortSignal: AbortSignal }): Promise<Record<string, unknown>>;
  destroy(): void;
}
interface Command {
  readonly schema?: unknown;
  readonly middlewareStack: { add(middleware: Middleware, options: { step: string; name: string }): void };
}
type ClientClass = new (options: object) => Client;
type CommandClass = new (input: object) => Command;

/** The local cloud does not run the service, or the service has no such action. */
export class NoSuchAction extends Error {
  override readonly name = "NoSuchAction";
}

/** A call has members that the action does not know. */
export class UnknownMembers extends Error {
  override readonly name = "UnknownMembers";

  constructor(names: readonly string[]) {
    super(names.map((name) => `The field "${name}" is not supported by Step Functions`).join(", "));
  }
}

/** The SDK's clients for the cloud's own calls: one per service and role, with that role's credentials. */
export class AwsClients {
  readonly #clients = new Map<string, Client>();
  readonly #endpoint: string;
  readonly #region: string;
  readonly #credentials: CredentialIssuer;

  constructor(endpoint: string, region: string, credentials: CredentialIssuer) {
    this.#endpoint = endpoint;
    this.#region = region;
    this.#credentials = credentials;
  }

  /**
   * Calls an action, such as `putItem` of `dynamodb`, in somebody's name.
   * @throws {NoSuchAction} {@link UnknownMembers}, or what the SDK throws
   */
  async call(
    service: string,
    action: string,
    input: object,
    as: Identity & { readonly signal: AbortSignal },
  ): Promise<SdkAnswer> {
    const { clientClass, commandClass } = await classesOf(service, action);
    const credentials = this.#credentialsOf(as);
    const identity = `${service} ${credentials.accessKeyId}`;
    let client = this.#clients.get(identity);
    if (client === undefined) {
      client = new clientClass({
        endpoint: this.#endpoint,
        region: this.#region,
        credentials,
        // A retry is the machine's to decide, and must be seen in its history.
        maxAttempts: 1,
        requestHandler: { httpAgent: { maxSockets: 1000 } },
      });
      this.#clients.set(identity, client);
    }
    const command = new commandClass(input);
    const unknown = unknownMembers(command.schema, input);
    if (unknown.length > 0) throw new UnknownMembers(unknown);
    let http: SdkAnswer["http"] = { statusCode: 200, headers: {} };
    const observe: Middleware = (next) => async (request) => {
      const answer = await next(request);
      http = { statusCode: answer.response.statusCode, headers: answer.response.headers };
      return answer;
    };
    command.middlewareStack.add(observe, { step: "deserialize", name: "observeResponse" });
    const { $metadata: _, ...output } = await client.send(command, { abortSignal: as.signal });
    return { output, http };
  }

  /** The schema of an action, in the SDK's own form. @throws {NoSuchAction} */
  async schemaOf(service: string, action: string): Promise<unknown> {
    const { commandClass } = await classesOf(service, action);
    return new commandClass({}).schema;
  }

  #credentialsOf(as: Identity): { accessKeyId: string; secretAccessKey: string } {
    if ("role" in as) return this.#credentials.issue(as.role, as.session);
    if ("service" in as) return this.#credentials.issueToService(as.service);
    // Nobody handed these out: whoever has such ones is the operator.
    return { accessKeyId: "operator", secretAccessKey: "operator" };
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }
}

/** @throws {NoSuchAction} */
async function classesOf(
  service: string,
  action: string,
): Promise<{ clientClass: ClientClass; commandClass: CommandClass }> {
  const known = Object.hasOwn(modules, service) ? modules[service] : undefined;
  if (known === undefined) throw new NoSuchAction(`The local cloud does not run the service "${service}".`);
  const loaded = await known.load();
  // Every client package exports `<Service>Client` and `<Action>Command`; only their names are known here.
  const commandClass: CommandClass | undefined = Reflect.get(loaded, `${pascal(action)}Command`);
  if (commandClass === undefined)
    throw new NoSuchAction(`The service "${service}" has no action "${action}".`);
  const clientClass: ClientClass = Reflect.get(loaded, known.client);
  return { clientClass, commandClass };
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
