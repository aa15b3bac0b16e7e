/**
 * Calls `act` up to `count` times in batches of 1, 2, 4, 8 …; the first batch with a failure is the last one. If the
 * first try is refused, the other ninety-nine of a hundred are not made.
 * Worked example: 10 calls come in batches of 1, 2, 4, 3. If the quota allows 2 more Pods, the batch of 1 and one of the batch of 2 succeed,
 * the other one fails, and 7 calls are never made.
 * @param act returns an error, or undefined
 * @returns the number of successes, and the first error
 */
export function slowStartBatch(
  count: number,
  act: () => Error | undefined,
): { readonly successes: number; readonly error: Error | undefined } {
  let successes = 0;
  let rest = count;
  for (let size = Math.min(rest, 1); size > 0; size = Math.min(2 * size, rest)) {
    let error: Error | undefined;
    for (let call = 0; call < size; call++) {
      const failed = act();
      if (failed === undefined) successes++;
      else error ??= failed;
    }
    if (error !== undefined) return { successes, error };
    rest -= size;
  }
  return { successes, error: undefined };
}
