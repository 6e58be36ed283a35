import { escaped } from "./escape.ts";

/** A table of texts; the columns that hold numbers stand to the right. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Something that is seen: a statement, the chart that shows it, and its numbers. */
export interface Figure {
  readonly title: string;
  /** An SVG element; absent where there is nothing to draw. */
  readonly chart?: string;
  /** What the marks stand for. */
  readonly legend?: readonly { readonly colour: string; readonly text: string }[];
  readonly note?: string;
  readonly table?: TextTable;
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export interface Page {
  readonly title: string;
  /** One paragraph on what the page is of. */
  readonly about: string;
  readonly tiles: readonly { readonly name: string; readonly value: string; readonly note: string }[];
  readonly sections: readonly Section[];
}

const style = `
:root { color-scheme: light dark;
  --paper: #f7f7f5; --panel: #ffffff; --ink: #1d2329; --muted: #5b6670; --line: #dfe3e6;
  --first: #1f6fb2; --second: #c4570e; --band: rgb(31 111 178 / 32%); --wide-band: rgb(31 111 178 / 16%); }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14181c; --panel: #1c2126; --ink: #e6e9ec; --muted: #a0abb5; --line: #343c44;
  --first: #6db1ec; --second: #f29a55; --band: rgb(109 177 236 / 34%); --wide-band: rgb(109 177 236 / 17%); } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; } h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1.02rem; margin: 0 0 .5rem; }
p { margin: .35rem 0; } .muted, summary, figcaption { color: var(--muted); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.tile, figure { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1.1rem; }
.tile b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
figure { margin: 0 0 1rem; } svg { display: block; width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: .4rem 0; padding: 0; list-style: none; }
.legend i { display: inline-block; width: .85rem; height: .85rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.1rem; }
details { margin-top: .6rem; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; margin-top: .4rem; font-size: .88rem; }
th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: .85rem; overflow-wrap: anywhere; }
@media print { details > * { display: revert; } }
`;

/** The whole page: nothing is loaded and nothing runs. */
export function renderPage({ title, about, tiles, sections }: Page): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // A value that got past the escaping could still load nothing and run nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<header>",
    `<h1>${escaped(title)}</h1>`,
    `<p class="muted">${escaped(about)}</p>`,
    "</header>",
    '<div class="tiles">',
    ...tiles.map(
      ({ name, value, note }) =>
        `<div class="tile"><span class="muted">${escaped(name)}</span><b>${escaped(value)}</b><span class="muted">${escaped(note)}</span></div>`,
    ),
    "</div>",
    "<main>",
    ...sections.map(
      (section) =>
        `<section><h2>${escaped(section.title)}</h2>\n${section.figures.map(figure).join("\n")}\n</section>`,
    ),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function figure({ title, chart, legend = [], note, table }: Figure): string {
  const marks = legend.map(
    ({ colour, text }) => `<li><i style="background:${colour}"></i>${escaped(text)}</li>`,
  );
  return [
    "<figure>",
    `<h3>${escaped(title)}</h3>`,
    chart ?? "",
    marks.length > 0 ? `<ul class="legend muted">${marks.join("")}</ul>` : "",
    note === undefined ? "" : `<figcaption>${escaped(note)}</figcaption>`,
    table === undefined || table.rows.length === 0 ? "" : tableElement(table, chart === undefined),
    "</figure>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The numbers: folded away under a chart, which shows them already. */
function tableElement({ head, rows }: TextTable, open: boolean): string {
  const numeric = head.map((_, column) =>
    rows.every((row) => /^[-+]?[\d,.]+( %)?$|^–?$/.test(row[column] ?? "")),
  );
  const cell = (tag: "th" | "td") => (text: string, column: number) =>
    `<${tag}${numeric[column] ? ' class="number"' : ""}>${escaped(text)}</${tag}>`;
  const table = [
    '<div class="scroll"><table>',
    `<thead><tr>${head.map(cell("th")).join("")}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("\n")}</tbody>`,
    "</table></div>",
  ].join("\n");
  return open ? table : `<details><summary>The numbers</summary>\n${table}\n</details>`;
}
