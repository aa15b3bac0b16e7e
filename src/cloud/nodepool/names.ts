/** How the machines of a pool are called: POOL-1, POOL-2, … or by the names that the pool lists, and then on from the last of them. */
import type { NodePool } from '../../api/kubepad/types.ts';

/** @param index from 1 */
export function machineName({ metadata, spec = {} }: NodePool, index: number): string {
  const { nodeNames = [] } = spec;
  const last = nodeNames.at(-1);
  if (last === undefined) return `${metadata.name ?? ''}-${index}`;
  const listed = nodeNames[index - 1];
  if (listed !== undefined) return listed;
  const { stem, number } = split(last);
  return `${stem}${number + index - nodeNames.length}`;
}

/** The place among its pool's machines: those with the highest go first. */
export function machineIndex({ spec = {} }: NodePool, name: string): number {
  const { nodeNames = [] } = spec;
  const listed = nodeNames.indexOf(name);
  return listed >= 0 ? listed + 1 : nodeNames.length + split(name).number;
}

/** `kind-worker2` is the second of `kind-worker`. */
function split(name: string): { readonly stem: string; readonly number: number } {
  const [digits = ''] = /\d*$/.exec(name) ?? [];
  return { stem: name.slice(0, name.length - digits.length), number: digits === '' ? 1 : Number(digits) };
}
