/** Context keys of a request by name: what policies' conditions are held against. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One permission that a call needs: an IAM action on a resource. Several may come of one call. */
export interface Demand {
  /** As IAM spells it: `s3:GetObject`, `kms:Decrypt`. */
  readonly action: string;
  /** ARN, or `*` for an action that AWS defines on no resource. */
  readonly resource: string;
  /** Keys that this demand brings along: `s3:prefix`, `kms:ViaService`. */
  readonly context?: Context;
}

/** Where a call happens: the rest of an ARN that a request names by table, job or queue. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

/** `arn:aws:<service>:<region>:<account>:<resource>` */
export function regionalArn(place: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${place.region}:${place.account}:${resource}`;
}
