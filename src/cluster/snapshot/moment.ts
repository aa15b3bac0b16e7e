import { parseTime } from '../../apimachinery/meta/time.ts';

/** Where objects say when they were, or were last written. */
interface Timed {
  readonly metadata?: {
    readonly creationTimestamp?: unknown;
    readonly managedFields?: readonly { readonly time?: unknown }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly lastHeartbeatTime?: unknown; readonly lastTransitionTime?: unknown }[] };
}

/** The newest moment that objects speak of, which is about when they were read; milliseconds since 1970. Undefined: they speak of none. */
export function newestTime(objects: readonly unknown[]): number | undefined {
  let newest: number | undefined;
  for (const object of objects) {
    for (const text of timesOf(object as Timed | null)) {
      const time = typeof text === 'string' ? parseTime(text) : Number.NaN;
      if (Number.isFinite(time) && (newest === undefined || time > newest)) newest = time;
    }
  }
  return newest;
}

function timesOf(object: Timed | null): readonly unknown[] {
  const { metadata, status } = object ?? {};
  const fields = Array.isArray(metadata?.managedFields) ? metadata.managedFields : [];
  const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
  return [
    metadata?.creationTimestamp,
    ...fields.map((field) => field?.time),
    ...conditions.flatMap((condition) => [condition?.lastHeartbeatTime, condition?.lastTransitionTime]),
  ];
}
