/** What the comparison asks the extension for; the rest is as in panel/protocol.ts. */
export type ComparisonCommand =
  /** The comparison as a document, to be kept or sent. */
  { readonly type: 'text' };
