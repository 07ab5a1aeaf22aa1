/** Languages that a synthetic topology can be written in. */
export const cloudFormats = ["yaml", "json"] as const;

/** One of {@link cloudFormats}. */
export type CloudFormat = (typeof cloudFormats)[number];
