import Table from "cli-table3";

/** Neither frame nor rules: the numbers stand in columns, and the line under the head is enough. */
const chars = {
  ...Object.fromEntries(
    ["top", "bottom"].flatMap((edge) =>
      [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`].map((name) => [name, ""]),
    ),
  ),
  ...Object.fromEntries(
    ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"].map((name) => [name, ""]),
  ),
  middle: "  ",
};

/** A table without lines, to add rows to: texts to the left, which are the columns named, and numbers to the right. */
export function plainColumns(head: readonly string[], texts: readonly string[]): Table.Table {
  return new Table({
    head: [...head],
    colAligns: head.map((name) => (texts.includes(name) ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    chars,
    wordWrap: true,
  });
}
