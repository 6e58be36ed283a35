/** An error of the Step Functions API, with AWS's name for it; answered as status 400 with `__type`. */
export class ApiError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
