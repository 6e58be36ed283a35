import type { RenderedResource, ResourceGraph } from "../../../packages/local/src/render/index.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

/** The program without one permission: an action, gone from every statement that allows it in a resource's policies. */
export function without(graph: ResourceGraph, name: string, action: string): ResourceGraph {
  let found = false;
  const shorten = (policy: unknown): unknown => {
    if (typeof policy !== "string") return policy;
    const document: { Statement: Statement[] } = JSON.parse(policy);
    const Statement = document.Statement.flatMap((statement) => {
      const actions = [statement.Action].flat();
      if (statement.Effect === "Deny" || !actions.includes(action)) return [statement];
      found = true;
      const rest = actions.filter((each) => each !== action);
      return rest.length === 0 ? [] : [{ ...statement, Action: rest }];
    });
    return JSON.stringify({ ...document, Statement });
  };
  const lacking = (values: RenderedResource["inputs"]): RenderedResource["inputs"] => ({
    ...values,
    ...("policy" in values && { policy: shorten(values.policy) }),
    ...(Array.isArray(values.inlinePolicies) && {
      inlinePolicies: values.inlinePolicies.map((each: object) =>
        "policy" in each ? { ...each, policy: shorten(each.policy) } : each,
      ),
    }),
  });
  const resources = graph.resources.map((resource) =>
    resource.name === name
      ? { ...resource, inputs: lacking(resource.inputs), state: lacking(resource.state) }
      : resource,
  );
  if (!found) throw new Error(`No policy of ${name} allows ${action}.`);
  return { ...graph, resources };
}
