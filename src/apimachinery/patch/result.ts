/** What applying a patch gives; the refusals say which answer they become. */
export type PatchResult =
  | { readonly value: unknown }
  /** The patch itself is malformed: 400 with this text. */
  | { readonly badRequest: string }
  /** The patch does not fit the object: 422 with the API server's one text for it; this one is for people who look closer. */
  | { readonly unprocessable: string };

export const UNPROCESSABLE_TEXT = 'the server rejected our request due to an error in our request';
