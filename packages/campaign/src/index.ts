/** Campaigns: a product's picture, videos and markets looked at, and a campaign written from them. */
export {};
