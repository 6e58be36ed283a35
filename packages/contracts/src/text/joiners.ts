const SCRIPTS = [
  "Arabic",
  "Syriac",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
];
const LETTER = `[${SCRIPTS.map((script) => `\\p{Script=${script}}`).join("")}]`;

/**
 * A pattern (flag `u`) of a character without width that writing needs: between letters of scripts that join theirs, where it
 * keeps them apart or together, and between the signs of which an emoji is made. Nothing else is between those.
 */
export const JOINER =
  `(?<=${LETTER}\\p{M}*)[\\u200c\\u200d](?=${LETTER})|` +
  "(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d(?=\\p{Extended_Pictographic})";
