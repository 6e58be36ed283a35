import { createHash } from "node:crypto";
import { ACCOUNT } from "./graph.ts";

/** What AWS adds to a resource when it creates it. */
export interface Identity {
  id: string;
  /** Joined with the inputs into the resource's state. */
  added: Record<string, unknown>;
}

/** A resource on its way to being created. */
export interface Draft {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  region: string;
}

/** The program uses a type whose ARN and id nobody has written down here yet. */
export class UnknownResourceType extends Error {
  override readonly name = "UnknownResourceType";
  constructor(type: string, resource: string) {
    super(
      `Resource "${resource}" has type ${type}, and the renderer does not know what AWS would answer for it. ` +
        "Add the type to packages/local/src/render/identity.ts.",
    );
  }
}

/** Hexadecimal digits that depend on the resource's name only, so that two renders give the same graph. */
export function digits(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function uuid(seed: string): string {
  const hex = digits(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The name given, or the one that Pulumi makes up: the logical name and seven digits. */
function named({ inputs, name, type }: Draft, property = "name"): string {
  const given = inputs[property];
  return typeof given === "string" && given !== "" ? given : `${name}-${digits(type + name, 7)}`;
}

function text(inputs: Record<string, unknown>, property: string): string {
  const value = inputs[property];
  return typeof value === "string" ? value : "";
}

type Former = (draft: Draft) => Identity;

/** `arn:aws:<service>:<region>:<account>:<resource>` over the resource's name, which is also its id. */
const regional =
  (service: string, resource: (name: string) => string): Former =>
  (draft) => {
    const name = named(draft);
    return {
      id: name,
      added: { name, arn: `arn:aws:${service}:${draft.region}:${ACCOUNT}:${resource(name)}` },
    };
  };

const global =
  (service: string, resource: (name: string) => string): Former =>
  (draft) => {
    const name = named(draft);
    return { id: name, added: { name, arn: `arn:aws:${service}::${ACCOUNT}:${resource(name)}` } };
  };

/** A type whose id is its ARN. */
const byArn =
  (former: Former): Former =>
  (draft) => {
    const { id, added } = former(draft);
    return { id: typeof added.arn === "string" ? added.arn : id, added };
  };

/** A part of another resource, known by that resource's name or its own: it has no ARN. */
const part =
  (of?: string): Former =>
  (draft) => ({ id: (of && text(draft.inputs, of)) || draft.name, added: {} });

const bucket: Former = (draft) => {
  const name = named(draft, "bucket").toLowerCase();
  return {
    id: name,
    added: {
      bucket: name,
      arn: `arn:aws:s3:::${name}`,
      bucketDomainName: `${name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${name}.s3.${draft.region}.amazonaws.com`,
      bucketRegion: draft.region,
    },
  };
};

const object: Former = ({ inputs }) => {
  const path = `${text(inputs, "bucket")}/${text(inputs, "key")}`;
  return { id: path, added: { arn: `arn:aws:s3:::${path}` } };
};

const key: Former = ({ name, region }) => {
  const id = uuid(name);
  return { id, added: { keyId: id, arn: `arn:aws:kms:${region}:${ACCOUNT}:key/${id}` } };
};

const queue: Former = (draft) => {
  const name = named(draft);
  const url = `https://sqs.${draft.region}.amazonaws.com/${ACCOUNT}/${name}`;
  return { id: url, added: { name, url, arn: `arn:aws:sqs:${draft.region}:${ACCOUNT}:${name}` } };
};

const lambda: Former = (draft) => {
  const name = named(draft);
  const arn = `arn:aws:lambda:${draft.region}:${ACCOUNT}:function:${name}`;
  const invokeArn = `arn:aws:apigateway:${draft.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  return {
    id: name,
    added: { name, arn, invokeArn, qualifiedArn: `${arn}:$LATEST`, version: "$LATEST" },
  };
};

const rule: Former = (draft) => {
  const name = named(draft);
  const bus = text(draft.inputs, "eventBusName");
  const path = bus === "" || bus === "default" ? name : `${bus}/${name}`;
  return { id: path, added: { name, arn: `arn:aws:events:${draft.region}:${ACCOUNT}:rule/${path}` } };
};

const logStream: Former = (draft) => {
  const name = named(draft);
  const path = `${text(draft.inputs, "logGroupName")}:log-stream:${name}`;
  return { id: name, added: { name, arn: `arn:aws:logs:${draft.region}:${ACCOUNT}:log-group:${path}` } };
};

const schedule: Former = (draft) => {
  const name = named(draft);
  const path = `${text(draft.inputs, "groupName") || "default"}/${name}`;
  return { id: path, added: { name, arn: `arn:aws:scheduler:${draft.region}:${ACCOUNT}:schedule/${path}` } };
};

const database: Former = (draft) => {
  const name = named(draft);
  return {
    id: `${ACCOUNT}:${name}`,
    added: { name, catalogId: ACCOUNT, arn: `arn:aws:glue:${draft.region}:${ACCOUNT}:database/${name}` },
  };
};

const catalogTable: Former = (draft) => {
  const name = named(draft);
  const path = `${text(draft.inputs, "databaseName")}/${name}`;
  return {
    id: `${ACCOUNT}:${path.replace("/", ":")}`,
    added: { name, catalogId: ACCOUNT, arn: `arn:aws:glue:${draft.region}:${ACCOUNT}:table/${path}` },
  };
};

const httpApi: Former = (draft) => {
  const id = digits(draft.name, 10);
  return {
    id,
    added: {
      name: named(draft),
      apiEndpoint: `https://${id}.execute-api.${draft.region}.amazonaws.com`,
      arn: `arn:aws:apigateway:${draft.region}::/apis/${id}`,
      executionArn: `arn:aws:execute-api:${draft.region}:${ACCOUNT}:${id}`,
    },
  };
};

/** A part that AWS knows by an id that it makes up. */
const numbered: Former = ({ name }) => ({ id: digits(name, 7), added: {} });

const userPool: Former = (draft) => {
  const id = `${draft.region}_${digits(draft.name, 9)}`;
  return {
    id,
    added: {
      name: named(draft),
      endpoint: `cognito-idp.${draft.region}.amazonaws.com/${id}`,
      arn: `arn:aws:cognito-idp:${draft.region}:${ACCOUNT}:userpool/${id}`,
    },
  };
};

const userPoolClient: Former = ({ name }) => ({
  id: digits(name, 26),
  added: { clientSecret: digits(`secret of ${name}`, 51) },
});

const distribution: Former = ({ name }) => {
  const id = `E${digits(name, 13).toUpperCase()}`;
  return {
    id,
    added: {
      arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`,
      domainName: `d${digits(name, 13)}.cloudfront.net`,
    },
  };
};

/** The platform keeps one random key per app to seal link values; here it only has to be the right size. */
const randomBytes: Former = ({ name }) => {
  const base64 = Buffer.from(digits(name, 64), "hex").toString("base64");
  return { id: base64, added: { base64, hex: digits(name, 64) } };
};

const identities: Readonly<Record<string, Former>> = {
  "aws:apigatewayv2/api:Api": httpApi,
  "aws:apigatewayv2/authorizer:Authorizer": numbered,
  "aws:apigatewayv2/integration:Integration": numbered,
  "aws:apigatewayv2/route:Route": numbered,
  "aws:apigatewayv2/stage:Stage": (draft) => ({ id: named(draft), added: {} }),
  "aws:athena/workgroup:Workgroup": regional("athena", (name) => `workgroup/${name}`),
  "aws:cloudfront/distribution:Distribution": distribution,
  "aws:cloudfront/originAccessControl:OriginAccessControl": numbered,
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": numbered,
  "aws:cloudwatch/eventRule:EventRule": rule,
  "aws:cloudwatch/dashboard:Dashboard": part("dashboardName"),
  "aws:cloudwatch/eventTarget:EventTarget": part(),
  "aws:cloudwatch/logGroup:LogGroup": regional("logs", (name) => `log-group:${name}`),
  "aws:cloudwatch/logStream:LogStream": logStream,
  "aws:cloudwatch/metricAlarm:MetricAlarm": regional("cloudwatch", (name) => `alarm:${name}`),
  "aws:cognito/resourceServer:ResourceServer": part("identifier"),
  "aws:cognito/userPool:UserPool": userPool,
  "aws:cognito/userPoolClient:UserPoolClient": userPoolClient,
  "aws:cognito/userPoolDomain:UserPoolDomain": part("domain"),
  "aws:dynamodb/table:Table": regional("dynamodb", (name) => `table/${name}`),
  "aws:glue/catalogDatabase:CatalogDatabase": database,
  "aws:glue/catalogTable:CatalogTable": catalogTable,
  "aws:glue/crawler:Crawler": regional("glue", (name) => `crawler/${name}`),
  "aws:glue/job:Job": regional("glue", (name) => `job/${name}`),
  "aws:glue/securityConfiguration:SecurityConfiguration": (draft) => ({
    id: named(draft),
    added: { name: named(draft) },
  }),
  "aws:iam/policy:Policy": byArn(global("iam", (name) => `policy/${name}`)),
  "aws:iam/role:Role": global("iam", (name) => `role/${name}`),
  "aws:iam/rolePolicy:RolePolicy": (draft) => ({
    id: `${text(draft.inputs, "role")}:${named(draft)}`,
    added: { name: named(draft) },
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": part(),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": byArn(
    regional("firehose", (name) => `deliverystream/${name}`),
  ),
  "aws:kinesis/stream:Stream": byArn(regional("kinesis", (name) => `stream/${name}`)),
  "aws:kms/alias:Alias": regional("kms", (name) => name),
  "aws:kms/key:Key": key,
  "aws:lambda/eventSourceMapping:EventSourceMapping": numbered,
  "aws:lambda/function:Function": lambda,
  "aws:lambda/permission:Permission": part(),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part("bucket"),
  "aws:s3/bucketMetric:BucketMetric": part("name"),
  "aws:s3/bucketNotification:BucketNotification": part("bucket"),
  "aws:s3/bucketObjectv2:BucketObjectv2": object,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part("bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": part("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part("bucket"),
  "aws:s3/bucketVersioning:BucketVersioning": part("bucket"),
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:sfn/stateMachine:StateMachine": byArn(regional("states", (name) => `stateMachine:${name}`)),
  "aws:sns/topic:Topic": byArn(regional("sns", (name) => name)),
  "aws:sns/topicPolicy:TopicPolicy": part("arn"),
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": part("queueUrl"),
  "random:index/randomBytes:RandomBytes": randomBytes,
};

/** The id, ARN, URL and name that AWS would give to a resource. @throws {UnknownResourceType} */
export function identify(draft: Draft): Identity {
  const former = identities[draft.type];
  if (former === undefined) throw new UnknownResourceType(draft.type, draft.name);
  return former(draft);
}
