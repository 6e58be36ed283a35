/** Where the job says what it does: lines that stay, and on a terminal a block that is drawn over. */
export interface Screen {
  /** Whether the block is drawn live; otherwise progress comes as plain lines now and then. */
  readonly live: boolean;
  line(text: string): void;
  /** Draws the block in place of the one before; on anything but a terminal nothing happens. */
  block(lines: readonly string[]): void;
  /** Takes the block away. */
  clear(): void;
}

/** The part of a stream that a screen needs; `process.stdout` has it. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export function screenOn(output: Output): Screen {
  const live = output.isTTY === true;
  let drawn = 0;
  const clear = (): void => {
    // Up to the first line of the block, then erase to the end of the screen.
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  return {
    live,
    line(text) {
      clear();
      output.write(`${text}\n`);
    },
    block(lines) {
      if (!live) return;
      clear();
      // A line that wraps would make the count of lines wrong. Some terminals say that they have no columns.
      const width = (output.columns || 80) - 1;
      for (const line of lines) output.write(`${[...line].slice(0, width).join("")}\n`);
      drawn = lines.length;
    },
    clear,
  };
}
