/** How the process of a Glue run ends: it says so before it goes. */
export type PlanMessage =
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly message: string };
