/** The JSON value of a model's reply, bare or in one Markdown fence; undefined where there is none. */
export function replyJson(reply: string): unknown {
  const text = reply.trim();
  const bare = /^```(?:json)?\s*\n([\s\S]*?)\n```$/.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(bare);
  } catch {
    return undefined;
  }
}
