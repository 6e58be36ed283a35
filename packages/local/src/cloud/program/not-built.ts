import type { ResourceGraph } from "../../render/graph.ts";

/** Types that the local cloud builds. */
const BUILT = new Set([
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/authorizer:Authorizer",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
  "aws:athena/workgroup:Workgroup",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/originAccessControl:OriginAccessControl",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:cloudwatch/eventBus:EventBus",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cognito/resourceServer:ResourceServer",
  "aws:cognito/userPool:UserPool",
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:cognito/userPoolDomain:UserPoolDomain",
  "aws:dynamodb/table:Table",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:glue/catalogTable:CatalogTable",
  "aws:glue/crawler:Crawler",
  "aws:glue/job:Job",
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  "aws:kinesis/stream:Stream",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketV2:BucketV2",
  "aws:scheduler/schedule:Schedule",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queue:Queue",
]);

/**
 * Types that do nothing by themselves here: rights (the gateway evaluates them), encryption,
 * retention, alarms, catalogue entries, code packages. And the platform's own components, whose parts are resources.
 */
const PASSIVE =
  /^(aws:(iam|kms|cloudwatch\/(logGroup|logStream|metricAlarm|dashboard|logResourcePolicy)|glue\/(catalog|security)|lambda\/permission|s3\/bucket(Lifecycle|Metric|Ownership|Policy|Public|Server|Versioning|Object|Cors|Logging)|sns\/topicPolicy|sqs\/queuePolicy)|sst:|random:|pulumi:)/;

/** Resources that would do something on AWS and do nothing here, as `type name`. Whoever boots the cloud is told. */
export function notBuilt(graph: ResourceGraph): string[] {
  return graph.resources
    .filter(({ type }) => !BUILT.has(type) && !PASSIVE.test(type) && type.includes("/"))
    .map(({ type, name }) => `${type} ${name}`);
}
