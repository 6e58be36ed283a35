import type { Secrets } from "../sample/secrets.ts";
import type { Account } from "./account.ts";
import { type Check, check } from "./balance.ts";

/** Whether anything that must not be readable stands outside the raw bucket, by reading all that stands there. */
export function securityCheck(account: Account, secrets: Secrets | undefined): Check {
  const scanned = `${account.scannedObjects} objects outside Raw, ${account.scannedCells} text cells`;
  const lookedFor =
    secrets === undefined
      ? "card numbers by their form in free text"
      : `${secrets.pan.size} card numbers, ${secrets.ssn.size} social security numbers, ${secrets.email.size} e-mail addresses, ${secrets.phone.size} phone numbers, and security codes`;
  return check(
    "security",
    [...account.leaks].map(([where, count]) => `${count} × ${where}`),
    `${scanned}: none of ${lookedFor} in clear`,
  );
}
