import { errorText } from '../apimachinery/field/error.ts';
import { decodeConfiguration, type Decoded } from '../scheduler/apis/config/decode.ts';
import { validateConfiguration } from '../scheduler/apis/config/validation.ts';
import { DEFAULT_SCHEDULER } from '../scheduler/profile/frameworks.ts';
import { pluginsOf } from '../scheduler/profile/plugins.ts';

/** Reads a KubeSchedulerConfiguration, as kube-scheduler does when it starts; what it would not start with is an error. */
export function readSchedulerConfiguration(text: string): Decoded {
  const decoded = decodeConfiguration(text);
  if ('error' in decoded) return decoded;
  const errors = validateConfiguration(decoded.configuration).map(errorText);
  if (errors.length > 0) return { error: errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]` };
  for (const profile of decoded.configuration.profiles ?? []) {
    const { error } = pluginsOf(profile);
    const name = (profile.schedulerName ?? '') === '' ? DEFAULT_SCHEDULER : (profile.schedulerName ?? '');
    if (error !== undefined) return { error: `initializing profiles: creating profile for scheduler name ${name}: ${error}` };
  }
  return decoded;
}
