/** One resource of the deployment program: what it was given, and what AWS would have answered. */
export interface RenderedResource {
  /** Provider type, such as `aws:s3/bucket:Bucket`. */
  type: string;
  /** Logical name in the program, such as `RawBucket`. */
  name: string;
  /** Every input resolved: ARNs of other resources stand where the program refers to them. */
  inputs: Record<string, unknown>;
  /** The id that AWS's provider gives this type: a name, an ARN, a URL. */
  id: string;
  /** The inputs, and what only exists once the resource does: `arn`, `url`, `bucketDomainName`… */
  state: Record<string, unknown>;
  /** Inputs that count when the resource is made, and not any more afterwards: others write them. */
  ignoreChanges: string[];
}

/** One Lambda function, with what its deployed bundle would be told. */
export interface RenderedFunction {
  /** The name in the program, such as `Refine`. */
  name: string;
  /** The name in AWS, such as `penstock-local-Refine`. */
  functionName: string;
  arn: string;
  /** ARN of the execution role. */
  role: string;
  /** Source file without its extension, a dot, the export: `packages/lake/src/tasks/refine.handler`. */
  handler: string;
  /** Values by link name, as `Resource` of the `sst` package reads them. */
  links: Record<string, Record<string, unknown>>;
  /** Environment as deployed, less the key of the link bundle: nothing is encrypted on a laptop. */
  environment: Record<string, string>;
  memoryMb: number;
  timeoutSeconds: number;
  /** Ephemeral disk under /tmp. */
  storageMb: number;
  /** Packages that are installed beside the bundle instead of bundled, as npm names them: `name@version`. */
  install: string[];
  /** Packages that are left out of its bundle, whether they are installed beside it or not. */
  external: string[];
}

/** The whole system as the deployment program describes it, in the order in which it was registered by name. */
export interface ResourceGraph {
  app: string;
  stage: string;
  region: string;
  account: "000000000000";
  resources: RenderedResource[];
  functions: RenderedFunction[];
  /** What `run()` of sst.config.ts returns. */
  outputs: Record<string, unknown>;
}

/** The account of everything that is rendered: no real one has it. */
export const ACCOUNT = "000000000000";

/** The resources of one provider type. */
export function resourcesOf(graph: ResourceGraph, type: string): RenderedResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}
