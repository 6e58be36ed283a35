/** Uploads of pictures by signed forms, and what arrived by them. */
export {};
