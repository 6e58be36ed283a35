/** What a token may be for. The part before the slash is the resource server's name in Cognito. */
export const resourceServer = "penstock";

/** Scopes by what they allow, in words for people. */
export const scopes = {
  "penstock/run": "Start runs and look at them",
  "penstock/operate": "All that, and take failed runs up again",
  "penstock/analyse": "Read the systems' analytics and ask the copilot",
  "penstock/ingest": "Send interactions",
  "penstock/features": "Read the features of users and products",
  "penstock/exports": "Register people, send their exports and erase them",
  "penstock/personas": "Read what people's exports tell",
  "penstock/campaigns": "Make campaigns, have pictures drawn and upload pictures, of one's own",
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
/** Who registers people, sends in what they handed over, sees what became of it, and erases them when they ask. */
export const exportSenders: readonly Scope[] = ["penstock/exports"];
/** Who may read personas: what sends exports needs not know what they tell. */
export const personaReaders: readonly Scope[] = ["penstock/personas"];
/** Who may make campaigns and pictures: all of it costs the same user money. */
export const campaigners: readonly Scope[] = ["penstock/campaigns"];
