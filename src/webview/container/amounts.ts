/** Amounts as panels write them. */

/** `250m`, `1.5 cores` */
export function cpuText(milliCpu: number): string {
  return milliCpu < 1000 ? `${Math.round(milliCpu)}m` : `${Math.round(milliCpu / 10) / 100} cores`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `12 B`, `3.1 KiB`, `40 MiB` */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let amount = bytes / 1024;
  let unit = 0;
  for (; amount >= 1024 && unit < UNITS.length - 1; unit++) amount /= 1024;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit] ?? ''}`;
}
