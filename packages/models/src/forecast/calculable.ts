/** Mean sizes of values whose squares and products are still numbers with all their digits. */
export const [LEAST_SIZE, MOST_SIZE] = [1e-100, 1e100];

/** What is said of others. */
export const OUT_OF_RANGE = "the values are too large or too small to calculate with";
