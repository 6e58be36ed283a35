import { createHash, randomBytes } from "node:crypto";
import type { Caller, ServiceIdentity } from "./call.ts";

/** Keys that stand for a role, in the form that the SDK takes. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Hands out credentials for roles and knows them again, as STS and the signature check do together on AWS. Signatures
 * are not verified: the keys are random for each cloud, and it listens on the loopback only. Those of forms are: a form is
 * handed on to somebody who has no keys.
 */
export class CredentialIssuer {
  readonly #issued = new Map<string, RoleCredentials>();
  readonly #byKey = new Map<string, Caller>();
  readonly #secrets = new Map<string, RoleCredentials>();

  /** Credentials of a role for one use of it, such as a function's name. The same again for the same pair. */
  issue(role: string, session: string): RoleCredentials {
    return this.#issueTo(`${role} ${session}`, { role, session });
  }

  /** Credentials of a service that calls in its own name. The same again for the same resource. */
  issueToService(service: ServiceIdentity): RoleCredentials {
    return this.#issueTo(`${service.name} ${service.sourceArn}`, { service });
  }

  #issueTo(subject: string, as: Omit<Caller, "accessKeyId">): RoleCredentials {
    const known = this.#issued.get(subject);
    if (known !== undefined) return known;
    const accessKeyId = `ASIA${createHash("sha256").update(subject).update(randomBytes(16)).digest("hex").slice(0, 16).toUpperCase()}`;
    const credentials: RoleCredentials = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(48).toString("base64"),
    };
    this.#issued.set(subject, credentials);
    this.#byKey.set(accessKeyId, { accessKeyId, ...as });
    this.#secrets.set(accessKeyId, credentials);
    return credentials;
  }

  /** What belongs to an access key that was issued here. */
  secretOf(accessKeyId: string): Pick<RoleCredentials, "secretAccessKey" | "sessionToken"> | undefined {
    return this.#secrets.get(accessKeyId);
  }

  /** The caller behind an access key; one that was not issued here is the operator's. */
  identify(accessKeyId: string): Caller {
    return this.#byKey.get(accessKeyId) ?? { accessKeyId };
  }
}
