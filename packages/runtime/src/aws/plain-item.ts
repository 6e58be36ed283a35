import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** An item of DynamoDB as plain values. Of texts, numbers, truth values and maps of them; anything else is undefined. */
export function plainItem(item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

function plain({ S, N, BOOL, M }: AttributeValue): unknown {
  if (N !== undefined) return Number(N);
  if (M !== undefined) return plainItem(M);
  return S ?? BOOL;
}
