import type { RenderedResource } from "../../render/graph.ts";

/** The deployment program gives a resource a value that the local cloud cannot read. */
export class UnreadableResource extends Error {
  override readonly name = "UnreadableResource";
  constructor(resource: RenderedResource, property: string, wanted: string) {
    super(
      `Resource "${resource.name}" (${resource.type}): ${property} should be ${wanted}. Look at it with \`npm run render\`.`,
    );
  }
}

/** Reads a rendered resource's properties: what was given, or else what AWS would have answered. */
export class Inputs {
  readonly #resource: RenderedResource;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(
    resource: RenderedResource,
    values: Readonly<Record<string, unknown>> = { ...resource.state, ...resource.inputs },
  ) {
    this.#resource = resource;
    this.#values = values;
  }

  #fail(property: string, wanted: string): never {
    throw new UnreadableResource(this.#resource, property, wanted);
  }

  optionalText(property: string): string | undefined {
    const value = this.#values[property];
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "string" ? value : this.#fail(property, "a text");
  }

  text(property: string): string {
    return this.optionalText(property) ?? this.#fail(property, "a text that is not empty");
  }

  optionalNumber(property: string): number | undefined {
    const value = this.#values[property];
    if (value === undefined || value === null) return undefined;
    return typeof value === "number" ? value : this.#fail(property, "a number");
  }

  flag(property: string): boolean {
    return this.#values[property] === true;
  }

  /** Undefined where the program says nothing, and AWS's default holds. */
  optionalFlag(property: string): boolean | undefined {
    const value = this.#values[property];
    if (value === undefined || value === null) return undefined;
    return typeof value === "boolean" ? value : this.#fail(property, "true or false");
  }

  /** A part with properties of its own. */
  part(property: string): Inputs | undefined {
    const value = this.#values[property];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) this.#fail(property, "an object");
    return new Inputs(this.#resource, Object.fromEntries(Object.entries(value)));
  }

  parts(property: string): Inputs[] {
    const value = this.#values[property] ?? [];
    if (!Array.isArray(value)) this.#fail(property, "a list");
    return value.map((each: unknown) =>
      typeof each === "object" && each !== null
        ? new Inputs(this.#resource, Object.fromEntries(Object.entries(each)))
        : this.#fail(property, "a list of objects"),
    );
  }

  /** A list of texts. */
  texts(property: string): string[] {
    const value = this.#values[property] ?? [];
    if (!Array.isArray(value)) this.#fail(property, "a list");
    return value.map(String);
  }

  /** An object whose values are texts. */
  record(property: string): Record<string, string> {
    const value = this.#values[property] ?? {};
    if (typeof value !== "object" || value === null) this.#fail(property, "an object");
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
  }

  /** JSON text, or the value that it would stand for. */
  json(property: string): unknown {
    const value = this.#values[property];
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      return this.#fail(property, "JSON");
    }
  }
}
