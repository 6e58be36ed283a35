import { type Act, acts, mark } from "./obeying-acts.ts";

const LATIN: Readonly<Record<string, string>> = {
  а: "a",
  с: "c",
  е: "e",
  і: "i",
  о: "o",
  р: "p",
  ѕ: "s",
  х: "x",
  у: "y",
  ј: "j",
};

/** What a clever reader makes of a text, one step of decoding on. */
function readings(text: string): string[] {
  const point = (code: string, base: number) => {
    const value = Number.parseInt(code, base);
    return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : "";
  };
  const runs = (pattern: RegExp, encoding: "base64url" | "hex") =>
    (text.match(pattern) ?? []).map((run) => Buffer.from(run, encoding).toString("utf8"));
  const percents = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"),
  );
  return [
    text.normalize("NFKC"),
    text.replace(/[\u{e0020}-\u{e007e}]/gu, (tag) =>
      String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000),
    ),
    text.replace(/\p{Cf}/gu, ""),
    text.replace(/\p{Script=Cyrillic}/gu, (letter) => LATIN[letter] ?? letter),
    percents,
    text.replace(/&#(\d+);/g, (_, code: string) => point(code, 10)),
    text.replace(/\\+u([0-9a-f]{4})/gi, (_, code: string) => point(code, 16)),
    text.replace(/[a-z]/gi, (letter) => {
      const first = letter <= "Z" ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
    }),
    ...runs(/[\w+/-]{16,}/g, "base64url"),
    ...runs(/(?:[0-9a-f]{2}){8,}/gi, "hex"),
  ].filter((reading) => reading !== text);
}

/** What is found in a text, in whatever form it says it, up to encodings within an encoding. */
export function readEveryWay<Found>(
  text: string,
  find: (form: string) => Found | undefined,
): Found | undefined {
  let forms = [text];
  for (let depth = 0; depth < 3; depth += 1) {
    for (const form of forms) {
      const found = find(form);
      if (found !== undefined) return found;
    }
    forms = [...new Set(forms.flatMap(readings))];
  }
  return undefined;
}

/** What a text wants of its reader. */
export function wish(text: string): Act | undefined {
  return readEveryWay(text, (form) => acts.find((act) => form.includes(mark(act))));
}
