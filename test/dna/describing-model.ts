import type { ModelReply, ModelRequest } from "@penstock/runtime/model";

/** The facts of a message about one type, as the model reads them. */
export function factsIn({ messages }: Pick<ModelRequest, "messages">): { id: number; what: string }[] {
  const lines = (messages[0]?.text ?? "").split("\n").filter((line) => line.startsWith('"'));
  return lines.map((line) => {
    const [, id, what] = /^(\d+) \S+: (.*) \(files: \d+, times: \d+\)$/s.exec(String(JSON.parse(line))) ?? [];
    return { id: Number(id), what: what ?? "" };
  });
}

/** An answer in the form that a request asks for, with nothing in its traits but what is given. */
export function described(
  { answer }: Pick<ModelRequest, "answer">,
  { summary, insights = [], traits = {} }: Said,
): string {
  const form = answer?.schema.properties.traits;
  const members = form !== undefined && "properties" in form ? Object.entries(form.properties) : [];
  const empty = members.map(([name, schema]) => [
    name,
    "type" in schema && schema.type === "array" ? [] : null,
  ]);
  return JSON.stringify({ summary, insights, traits: { ...Object.fromEntries(empty), ...traits } });
}

interface Said {
  readonly summary: string;
  readonly insights?: readonly { readonly text: string; readonly facts: readonly number[] }[];
  readonly traits?: Readonly<Record<string, unknown>>;
}

/** What a model says that repeats its facts: the same to the same request. */
export function repeating(request: ModelRequest): ModelReply {
  const facts = factsIn(request);
  const text = described(request, {
    summary: facts
      .slice(0, 3)
      .map(({ what }) => `${what}.`)
      .join(" "),
    insights: facts.slice(0, 2).map(({ id, what }) => ({ text: what, facts: [id] })),
  });
  return { text, model: "repeating", offline: true, usage: { inputTokens: 500, outputTokens: 100 } };
}
