/**
 * Whether a path below an S3 target is excluded: by one of the target's globs, where `*` stops at folders and `**` does
 * not, `?` is one character, `[a-z]` and `{a,b}` stand for choices.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html
 */
export function exclusionOf(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => new RegExp(`^${regularOf(glob)}$`, "s"));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

const signs = /\\.|\*\*|\*|\?|\[!?[^\]]*\]|\{|\}|,|./gs;

function regularOf(glob: string): string {
  let choices = 0;
  return glob.replace(signs, (sign) => {
    if (sign === "**") return ".*";
    if (sign === "*") return "[^/]*";
    if (sign === "?") return "[^/]";
    if (sign.length > 1) return sign.startsWith("[!") ? `[^${sign.slice(2)}` : sign;
    if (sign === "{") {
      choices += 1;
      return "(?:";
    }
    if (sign === "}" && choices > 0) {
      choices -= 1;
      return ")";
    }
    if (sign === "," && choices > 0) return "|";
    return sign.replace(/[\\^$.+()[\]{}|]/, "\\$&");
  });
}
