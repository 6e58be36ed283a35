import { createHmac } from "node:crypto";

/**
 * What is kept of an e-mail address: HMAC-SHA-256 under the stage's key, in hexadecimal digits. Without the key nobody can try
 * addresses against the table. Case, white space around it and forms of one letter make no difference.
 */
export function emailHash(key: string, email: string): string {
  return createHmac("sha256", key).update(email.normalize("NFKC").trim().toLowerCase()).digest("hex");
}
