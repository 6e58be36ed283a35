/** Queries of one process are few and come again: a warm task writes the same ones for every object of a table. */
const MOST = 500;

/** The function with its answers kept by the text it is given; the oldest are forgotten first. Errors are not kept. */
export function remembered<Answer>(compute: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = compute(text);
    answers.set(text, answer);
    const [oldest] = answers.keys();
    if (answers.size > MOST && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
