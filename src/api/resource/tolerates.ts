import type { DeviceTaint, DeviceToleration } from '../schema/types/resource/v1.ts';

/** An empty key with Exists matches every taint, an empty effect every effect. */
export function toleratesDeviceTaint({ key = '', operator = 'Equal', value = '', effect }: DeviceToleration, taint: DeviceTaint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || value === (taint.value ?? '');
}
