import { type RenderedResource, type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";
import { buckets } from "./storage.ts";

/** A distribution of CloudFront in front of one of the program's buckets. */
export interface WantedDistribution {
  /** Its name in the program. */
  readonly name: string;
  /** As which it asks the bucket. */
  readonly arn: string;
  /** Where it is on AWS: `d….cloudfront.net`. */
  readonly domainName: string;
  readonly bucket: string;
  /** Whether it sends `X-Content-Type-Options: nosniff`. */
  readonly nosniff: boolean;
}

/** A distribution that does something which the local cloud does not do. */
export class UnsupportedDistribution extends Error {
  override readonly name = "UnsupportedDistribution";
  constructor(name: string, why: string) {
    super(`The distribution "${name}" cannot be served here: ${why}`);
  }
}

/**
 * AWS's own policy of security headers, which has nosniff among them.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
const SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";

/** The program's distributions that are enabled. @throws {UnsupportedDistribution} */
export function distributions(graph: ResourceGraph): WantedDistribution[] {
  const own = new Set(buckets(graph).map(({ name }) => name));
  const controls = new Map(
    resourcesOf(graph, "aws:cloudfront/originAccessControl:OriginAccessControl").map((resource) => [
      resource.id,
      new Inputs(resource),
    ]),
  );
  const policies = new Map(
    resourcesOf(graph, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").map((resource) => [
      resource.id,
      new Inputs(resource),
    ]),
  );
  return resourcesOf(graph, "aws:cloudfront/distribution:Distribution")
    .filter((resource) => new Inputs(resource).flag("enabled"))
    .map((resource) => distribution(resource, own, controls, policies));
}

function distribution(
  resource: RenderedResource,
  own: ReadonlySet<string>,
  controls: ReadonlyMap<string, Inputs>,
  policies: ReadonlyMap<string, Inputs>,
): WantedDistribution {
  const inputs = new Inputs(resource);
  const refuse = (why: string): never => {
    throw new UnsupportedDistribution(resource.name, why);
  };
  const [origin, ...others] = inputs.parts("origins");
  const behaviour = inputs.part("defaultCacheBehavior");
  if (origin === undefined || behaviour === undefined || others.length > 0)
    return refuse("it has one origin and one cache behaviour here.");
  for (const property of ["orderedCacheBehaviors", "customErrorResponses"]) {
    if (inputs.parts(property).length > 0) return refuse(`${property} is not implemented.`);
  }
  if (inputs.texts("aliases").length > 0) return refuse("aliases is not implemented.");
  if (inputs.optionalText("defaultRootObject") !== undefined)
    return refuse("defaultRootObject is not implemented.");
  if (origin.optionalText("originPath") !== undefined) return refuse("originPath is not implemented.");
  // `<bucket>.s3.<region>.amazonaws.com`
  const bucket = origin.text("domainName").split(".s3.", 1).join();
  if (!own.has(bucket)) return refuse("only a bucket of the program is an origin here.");
  const control = controls.get(origin.optionalText("originAccessControlId") ?? "");
  if (control?.text("signingBehavior") !== "always" || control.text("originAccessControlOriginType") !== "s3")
    return refuse("it asks its bucket by an origin access control that always signs.");
  const methods = behaviour.texts("allowedMethods");
  if (methods.some((method) => method !== "GET" && method !== "HEAD"))
    return refuse("it only takes GET and HEAD.");
  const headers = behaviour.optionalText("responseHeadersPolicyId");
  const sniffing = policies
    .get(headers ?? "")
    ?.part("securityHeadersConfig")
    ?.part("contentTypeOptions");
  if (headers !== undefined && headers !== SECURITY_HEADERS && !policies.has(headers))
    return refuse(`nobody here knows the response headers policy ${headers}.`);
  return {
    name: resource.name,
    arn: inputs.text("arn"),
    domainName: inputs.text("domainName"),
    bucket,
    nosniff: headers === SECURITY_HEADERS || sniffing !== undefined,
  };
}
