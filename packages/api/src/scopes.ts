/** What a token may be for. The part before the slash is the resource server's name in Cognito. */
export const resourceServer = "penstock";

/** Scopes by what they allow, in words for people. */
export const scopes = {
  "penstock/run": "Start runs and look at them",
  "penstock/operate": "All that, and take failed runs up again",
  "penstock/analyse": "Read the systems' analytics and ask the copilot",
  "penstock/ingest": "Send interactions",
  "penstock/features": "Read the features of users and products",
} as const;

export type Scope = keyof typeof scopes;

/** Who may start and look: everybody who has a token of ours. */
export const everybody: readonly Scope[] = ["penstock/run", "penstock/operate"];
export const operators: readonly Scope[] = ["penstock/operate"];
/** Who may read what the data say: of persons too, so that whoever runs pipelines may not for that reason alone. */
export const analysts: readonly Scope[] = ["penstock/analyse"];
/** Who may send what people did: a shop's own servers. */
export const senders: readonly Scope[] = ["penstock/ingest"];
/** Who may read what is known of a user or a product: what makes recommendations while somebody waits. */
export const featureReaders: readonly Scope[] = ["penstock/features"];
