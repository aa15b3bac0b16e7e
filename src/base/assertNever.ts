/** Makes a switch exhaustive: it stops compiling when a member of the union is not handled. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
