import { type HiddenField, HiddenTally, hiddenField } from "./hidden-fields.ts";
import { DoubleEncoded, isObject, type JsonValue } from "./json-value.ts";

/** A JSON value as it is shown, and all that it says, for the flags. */
export interface JsonText {
  /** `artistName: Aphex Twin; msPlayed: 125000`; what is deeper has its keys with dots between. */
  readonly shown: string;
  readonly said: string;
}

/** Writes values of a JSON file as records. */
export class JsonRecords {
  readonly encoded = new DoubleEncoded();
  readonly hidden = new HiddenTally();

  /** @param apart arrays within the value that are records of their own */
  text(value: JsonValue, apart: ReadonlySet<JsonValue> = new Set()): JsonText {
    const shown: string[] = [];
    const said: string[] = [];
    const write = (of: JsonValue, path: string, hides: HiddenField | undefined): void => {
      if (of === null || of === "" || apart.has(of)) return;
      if (Array.isArray(of)) {
        const plain = of.filter((each) => typeof each !== "object" || each === null);
        if (plain.length > 0 && plain.length === of.length)
          leaf(
            plain.map((each) => this.leaf(each)),
            path,
            hides,
          );
        else for (const each of of) write(each, path, hides);
      } else if (isObject(of)) {
        for (const [key, each] of Object.entries(of)) {
          const name = this.encoded.mended(key);
          write(each, path === "" ? name : `${path}.${name}`, hides ?? hiddenField(name));
          // The key of nothing is said all the same.
          if (each === null || each === "") said.push(name);
        }
      } else leaf([this.leaf(of)], path, hides);
    };
    const leaf = (values: readonly string[], path: string, hides: HiddenField | undefined): void => {
      const named = (texts: readonly string[]) =>
        path === "" ? texts.join(", ") : `${path}: ${texts.join(", ")}`;
      // Each in a line of its own: some things are only said at the beginning of one.
      said.push(path, ...values);
      const left = values.map((each) => this.hidden.shown(hides, each)).filter((each) => each !== "");
      if (left.length > 0) shown.push(named(left));
    };
    write(value, "", undefined);
    return { shown: shown.join("; "), said: said.join("\n") };
  }

  private leaf(value: JsonValue): string {
    return typeof value === "string" ? this.encoded.mended(value) : String(value);
  }
}
