import * as v from "valibot";

/** The API refuses something of campaigns and pictures, or answers with what it never should. */
export class CampaignsRefused extends Error {
  override readonly name = "CampaignsRefused";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const Problem = v.object({ detail: v.string() });

/** The answer of a request in its form. @throws {CampaignsRefused} */
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
  throw new CampaignsRefused(`${what}: ${response.status} ${detail}`, response.status);
}
