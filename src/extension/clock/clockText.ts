import type { ClockState } from '../../host/protocol/view.ts';

/** `×10`, `as fast as possible`. */
export function speedText(speed: number | 'max'): string {
  return speed === 'max' ? 'as fast as possible' : `×${speed}`;
}

/** `day 1, 00:05:12` since the cluster began. */
export function timeText({ now, start }: Pick<ClockState, 'now' | 'start'>): string {
  const seconds = Math.max(0, Math.floor((now - start) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = Math.floor(seconds / 86_400) + 1;
  return `day ${day}, ${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
