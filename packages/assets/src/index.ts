/** Pictures that are drawn on request, and uploads. */
export {};
