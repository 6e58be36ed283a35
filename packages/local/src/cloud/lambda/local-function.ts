import type { RenderedFunction, ResourceGraph } from "../../render/graph.ts";
import type { CredentialIssuer } from "../gateway/credentials.ts";

/** A function as the local cloud runs it: what was rendered, and where. */
export interface LocalFunction extends RenderedFunction {
  /** Folder that the handler's path starts from. */
  readonly root: string;
  /** Everything that Lambda would put into the environment, and nothing else of this process's own. */
  readonly sandboxEnvironment: Readonly<Record<string, string>>;
}

/** Joins a rendered function with its environment: Lambda's own variables, its role's credentials, its links. */
export function localFunction(
  rendered: RenderedFunction,
  graph: ResourceGraph,
  place: {
    root: string;
    endpoint: string;
    openAiUrl: string;
    credentials: CredentialIssuer;
    /** A link's value as a function here gets it: addresses of what has a stand-in lead there. */
    linked: (value: unknown) => unknown;
  },
): LocalFunction {
  const { accessKeyId, secretAccessKey, sessionToken } = place.credentials.issue(
    rendered.role,
    rendered.functionName,
  );
  const links = Object.entries(rendered.links).map(([name, value]) => [
    `SST_RESOURCE_${name}`,
    JSON.stringify(place.linked(value)),
  ]);
  return {
    ...rendered,
    root: place.root,
    sandboxEnvironment: {
      // The dynamic loader and native packages look here; Lambda has its own.
      PATH: process.env.PATH ?? "",
      LANG: "en_US.UTF-8",
      TZ: ":UTC",
      AWS_REGION: graph.region,
      AWS_DEFAULT_REGION: graph.region,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: rendered.functionName,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(rendered.memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${rendered.functionName}`,
      _HANDLER: rendered.handler,
      LAMBDA_TASK_ROOT: place.root,
      AWS_ENDPOINT_URL: place.endpoint,
      OPENAI_BASE_URL: place.openAiUrl,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      SST_RESOURCE_App: JSON.stringify({ name: graph.app, stage: graph.stage }),
      ...Object.fromEntries(links),
      ...rendered.environment,
    },
  };
}
