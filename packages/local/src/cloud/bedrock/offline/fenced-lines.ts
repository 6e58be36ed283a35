/** The records between the marks of a message, `<data-H>` and `</data-H>`: a JSON string a line. Empty where there are none. */
export function fencedLines(message: string): string[] {
  const inside = /^<(data-[0-9a-f]+)>\n(.*?)\n<\/\1>$/ms.exec(message)?.[2];
  return (inside ?? "").split("\n").flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === "string" ? [value] : [];
    } catch {
      return [];
    }
  });
}
