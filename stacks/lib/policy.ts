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
    ...(conditions && { conditions: conditions.map((each) => ({ ...each, values: [...each.values] })) }),
  };
}

/**
 * A role that one AWS service takes on, for this account's resources only: without the condition, another account's
 * resource could make the service use it (the "confused deputy").
 */
export function roleFor(
  name: string,
  service: "states" | "glue" | "events" | "scheduler",
  args: {
    account: $util.Input<string>;
    /** The one resource on whose behalf the service may take it on, where the service says which. */
    source?: $util.Input<string>;
    physicalName: string;
    grants: $util.Input<readonly Grant[]>;
  },
  options: $util.ComponentResourceOptions = {},
): aws.iam.Role {
  const trust = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: [`${service}.amazonaws.com`] }],
        conditions: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: [args.account] },
          ...(args.source === undefined
            ? []
            : [{ test: "ArnEquals", variable: "aws:SourceArn", values: [args.source] }]),
        ],
      },
    ],
  }).json;
  return new aws.iam.Role(
    name,
    {
      name: args.physicalName,
      assumeRolePolicy: trust,
      inlinePolicies: [
        { name: "grants", policy: $util.output(args.grants).apply((grants) => policy(grants)) },
      ],
    },
    options,
  );
}
