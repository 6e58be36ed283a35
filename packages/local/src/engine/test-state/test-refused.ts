/** The call itself is wrong: nothing was tested. Named as AWS names the API error. */
export class TestRefused extends Error {
  override readonly name: "ValidationException" | "InvalidDefinition";

  constructor(message: string, name: "ValidationException" | "InvalidDefinition" = "ValidationException") {
    super(message);
    this.name = name;
  }
}
