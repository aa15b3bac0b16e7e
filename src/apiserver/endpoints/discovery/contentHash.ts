/** A name for a content that changes with it; 32 hexadecimal digits, not for secrets. */
export function contentHash(text: string): string {
  const lanes = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const lane = i & 3;
    lanes[lane] = Math.imul((lanes[lane] ?? 0) ^ text.charCodeAt(i), 0x01000193);
  }
  return lanes
    .map((lane) => ((lane ^ (lane >>> 15)) >>> 0).toString(16).padStart(8, '0'))
    .join('')
    .toUpperCase();
}
