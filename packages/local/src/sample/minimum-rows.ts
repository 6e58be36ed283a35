/** Fewer rows than this do not hold every kind of defect beside enough right rows. */
export const minimumRows = 1000;
