import * as v from "valibot";

export interface WellFormedIssue extends v.BaseIssue<string> {
  readonly kind: "validation";
  readonly type: "well_formed";
  readonly expected: string;
  readonly received: string;
  readonly requirement: undefined;
}

export interface WellFormedAction extends v.BaseValidation<string, string, WellFormedIssue> {
  readonly type: "well_formed";
  readonly reference: typeof wellFormed;
  readonly expects: string;
  readonly requirement: undefined;
}

/**
 * A validation action: the string holds no lone surrogate. A JavaScript string can, UTF-8 cannot, so no file
 * and no engine ever holds such a value and the rule has no SQL: in a table it is always kept.
 */
export function wellFormed(): WellFormedAction {
  return {
    kind: "validation",
    type: "well_formed",
    reference: wellFormed,
    async: false,
    expects: "well-formed Unicode",
    requirement: undefined,
    "~run"(dataset, config) {
      if (dataset.typed && !dataset.value.isWellFormed()) {
        v._addIssue(this, "text", dataset, config);
      }
      return dataset;
    },
  };
}
