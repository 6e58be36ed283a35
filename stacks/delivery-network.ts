import { named } from "./lib/identity.ts";
import { generatedAssets } from "./storage.ts";

/** CloudFront signs its requests to the bucket, which answers nobody else. */
const access = new aws.cloudfront.OriginAccessControl("GeneratedAssetsAccess", {
  name: named("generated-assets"),
  description: "Reads pictures that were drawn",
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

/** What is served was written by a model: a browser is not to guess that it is anything but the picture it says. */
const headers = new aws.cloudfront.ResponseHeadersPolicy("GeneratedAssetsHeaders", {
  name: named("generated-assets"),
  securityHeadersConfig: { contentTypeOptions: { override: true } },
});

/**
 * AWS's own policy: by the path alone, for a day, compressed.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const ORIGIN = "generated-assets";

const distribution = new aws.cloudfront.Distribution("GeneratedAssetsNetwork", {
  enabled: true,
  comment: `Pictures that ${$app.name} had drawn, stage ${$app.stage}`,
  httpVersion: "http2and3",
  isIpv6Enabled: true,
  // Edges of North America and Europe: the cheapest, and the nearest for those who publish the pictures.
  priceClass: "PriceClass_100",
  origins: [
    {
      originId: ORIGIN,
      // Of its region: the global name answers with a redirect until it is known everywhere.
      domainName: generatedAssets.nodes.bucket.bucketRegionalDomainName,
      originAccessControlId: access.id,
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: ORIGIN,
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    viewerProtocolPolicy: "redirect-to-https",
    cachePolicyId: CACHING_OPTIMIZED,
    responseHeadersPolicyId: headers.id,
    compress: true,
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  // The least version of TLS is CloudFront's own: with its certificate no other can be set, with one of a domain TLSv1.2_2021 should.
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});

/** Where pictures that were drawn are served, without a slash at its end. */
export const assetsUrl = $interpolate`https://${distribution.domainName}`;
