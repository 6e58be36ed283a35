/**
 * About how many tokens a text is, rather more than fewer: three characters of ASCII to one, two to any other code
 * point. No library counts those of Nova's, and a count by a model would be a call for each.
 */
export function estimatedTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) ascii += 1;
    // A code point outside the first plane is counted at its first half.
    else if (unit < 0xdc00 || unit > 0xdfff) other += 1;
  }
  return Math.ceil(ascii / 3) + 2 * other;
}
