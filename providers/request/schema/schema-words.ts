/** The draft of JSON Schema that editors know best. */
export const DRAFT = "http://json-schema.org/draft-07/schema#";

/** A name: lower-case letters, digits and hyphens, at most 63. */
export const WORD = "[a-z0-9][a-z0-9-]{0,62}";
