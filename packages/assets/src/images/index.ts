/** Requests for pictures and their records: what the API needs of them. */
export {};
