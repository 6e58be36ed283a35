/** What the API does with a request for a campaign before and after the machine: no model, no engine. */
export {};
