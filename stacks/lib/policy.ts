/** One permission: exact actions on exact ARNs, and under which conditions. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly $util.Input<string>[];
  readonly conditions?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly $util.Input<string>[];
  }[];
}

/** The inline policy of a role, as JSON. */
export function policy(grants: readonly Grant[]): $util.Output<string> {
  return aws.iam.getPolicyDocumentOutput({ statements: grants.map(statement) }).json;
}

/** A grant in the mutable shape that the providers' types ask for. */
export function statement({ actions, resources, conditions }: Grant) {
  return {
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions: conditions.map(mutable) }),
  };
}

type Condition = NonNullable<Grant["conditions"]>[number];

function mutable({ test, variable, values }: Condition) {
  return { test, variable, values: [...values] };
}

/** Who may take on a role: one AWS service, under conditions. As JSON. */
export function trust(service: string, conditions: Grant["conditions"] = []): $util.Output<string> {
  return aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: [`${service}.amazonaws.com`] }],
        conditions: conditions.map(mutable),
      },
    ],
  }).json;
}

export interface RoleArgs {
  readonly physicalName: string;
  readonly account: $util.Input<string>;
  /** The one resource on whose behalf the service takes the role on, where the service says which (Glue does not). */
  readonly source?: $util.Input<string>;
  readonly grants: $util.Input<readonly Grant[]>;
}

/**
 * A role that one AWS service takes on, on behalf of one resource of this account: without the conditions, another
 * account's resource could make the service use it (the "confused deputy").
 */
export function roleFor(
  name: string,
  service: "states" | "glue" | "events" | "scheduler" | "firehose",
  { physicalName, account, source, grants }: RoleArgs,
  options: $util.ComponentResourceOptions = {},
): aws.iam.Role {
  return new aws.iam.Role(
    name,
    {
      name: physicalName,
      assumeRolePolicy: trust(
        service,
        source === undefined
          ? []
          : [
              { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
              { test: "ArnEquals", variable: "aws:SourceArn", values: [source] },
            ],
      ),
      inlinePolicies: [{ name: "grants", policy: $util.output(grants).apply((all) => policy(all)) }],
    },
    options,
  );
}
