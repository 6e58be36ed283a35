import * as v from "valibot";

/** The API, or S3 for a file, refuses something, or answers with what it never should. `status` is HTTP's. */
export class ApiRefused extends Error {
  override readonly name = "ApiRefused";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const Problem = v.object({ detail: v.string() });

/** The answer of a request in its form. @throws {ApiRefused} */
export async function answered<Schema extends v.GenericSchema>(
  schema: Schema,
  response: Response,
  what: string,
): Promise<v.InferOutput<Schema>> {
  const said: unknown = await response.json();
  const answer = v.safeParse(schema, said);
  if (response.ok && answer.success) return answer.output;
  const problem = v.safeParse(Problem, said);
  const detail = problem.success ? problem.output.detail : "with an answer of no known form";
  throw new ApiRefused(`${what}: ${response.status} ${detail}`, response.status);
}
