/** What only conversations with models are written with. */
const ROLES = new RegExp(
  [
    "<\\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|begin_of_text|end|" +
      "channel|message|startoftext)\\|?>?",
    "<(?:start|end)_of_turn>",
    "\\[/?INST\\]",
    "<</?SYS>>",
    "<\\/?(?:system|assistant|instructions?|system_prompt|system-reminder|function_calls?|tool_calls?|" +
      "tool_use|invoke)>",
    "(?:^|\\n)[ \\t]{0,8}#{2,6} ?(?:(?:system|assistant|human)\\b|(?:instructions?|response) ?:)",
    "(?:^|\\n|\\\\n)[ \\t]{0,8}(?:human|assistant) ?: ",
    "(?:^|\\n|\\\\n)[ \\t]{0,8}system ?: ?(?:you|ignore|disregard|forget|override|new|from now)\\b",
    "<(?:function|tool|invoke)[ =_][^>]{0,80}>?",
    "\\baction input ?:|\\bto=(?:functions?|tools?)\\.|<tool_code>|```(?:tool|function)",
    '\\\\?"(?:name|function|tool|tool_name)\\\\?" ?: ?\\\\?"[^"]{1,60}" ?, ?\\\\?"(?:arguments|parameters|args|tool_input|input)\\\\?" ?:',
    '"role" ?: ?"(?:system|developer)" ?, ?"content"',
  ].join("|"),
  "i",
);

/** What looks like the end, or the beginning, of the fence that data stand in, or says that they end. */
const FENCE =
  /<\s?\/?\s?data-(?:[0-9a-f]{4,64}|h)\s?>|<\/\s?data-|(?:-{3}|={3}|#{3}|\*{3})\s?end of (?:the )?(?:data|records|exports?|input|user (?:data|input)|context|document)\b/i;

/** Whether a text plays a turn of a conversation with a model. */
export function playsRole(text: string): boolean {
  return ROLES.test(text);
}

/** Whether a text plays the end of the data that a model is given. */
export function breaksFence(text: string): boolean {
  return FENCE.test(text);
}
