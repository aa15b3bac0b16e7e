import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { parseQuantity, value } from '../../../apimachinery/quantity/quantity.ts';
import { parseDuration } from '../duration.ts';
import { validateShutdown } from '../shutdown.ts';
import { DEFAULT_SETTINGS, EVICTION_SIGNALS, type KubeletConfiguration } from './kubeletConfiguration.ts';

const RESERVABLE: readonly string[] = ['cpu', 'ephemeral-storage', 'memory', 'pid'];
const DURATIONS = ['evictionPressureTransitionPeriod', 'imageMinimumGCAge', 'imageMaximumGCAge', 'containerLogMonitorInterval'] as const;
const LEAST_INTERVAL_MS = 3_000;
const DURATION_TEXT = 'must be a duration such as "30s" or "2m"';

/** What a real kubelet would not start with. Counterpart: pkg/kubelet/apis/config/validation and ParseThresholdConfig. */
export function validateKubeletConfiguration(errors: FieldError[], configuration: KubeletConfiguration, path: Path): void {
  const { maxPods, evictionMaxPodGracePeriod, evictionSoft = {}, evictionSoftGracePeriod = {} } = configuration;
  for (const [name, count] of Object.entries({ maxPods, evictionMaxPodGracePeriod }))
    if (count !== undefined && count < 0) errors.push(invalid(path.child(name), count, 'must not be a negative number'));
  for (const name of ['systemReserved', 'kubeReserved'] as const) validateReserved(errors, configuration[name] ?? {}, path.child(name));
  for (const name of ['evictionHard', 'evictionSoft', 'evictionMinimumReclaim'] as const)
    validateAmounts(errors, configuration[name] ?? {}, path.child(name));
  const periods = path.child('evictionSoftGracePeriod');
  validateSignals(errors, evictionSoftGracePeriod, periods);
  for (const [signal, period] of Object.entries(evictionSoftGracePeriod))
    if ((parseDuration(period) ?? 0) <= 0) errors.push(invalid(periods.key(signal), period, 'must be a positive duration such as "90s"'));
  for (const signal of Object.keys(evictionSoft))
    if (evictionSoftGracePeriod[signal] === undefined)
      errors.push(required(periods.key(signal), `grace period must be specified for the soft eviction threshold ${signal}`));
  for (const name of DURATIONS) {
    const period = configuration[name];
    if (period !== undefined && parseDuration(period) === undefined) errors.push(invalid(path.child(name), period, DURATION_TEXT));
  }
  validatePercents(errors, configuration, path);
  const [least, most] = [configuration.imageMinimumGCAge, configuration.imageMaximumGCAge].map((text) => parseDuration(text ?? ''));
  if (most !== undefined && most > 0 && most <= (least ?? DEFAULT_SETTINGS.imageMinAgeMs))
    errors.push(invalid(path.child('imageMaximumGCAge'), configuration.imageMaximumGCAge ?? '', 'must be greater than imageMinimumGCAge'));
  validateLogs(errors, configuration, path);
  validateShutdown(errors, configuration, path);
}

function validateLogs(errors: FieldError[], configuration: KubeletConfiguration, path: Path): void {
  const { containerLogMaxSize: size, containerLogMaxFiles: files, containerLogMonitorInterval: interval } = configuration;
  if (size !== undefined) {
    const parsed = parseQuantity(size);
    if ('error' in parsed) errors.push(invalid(path.child('containerLogMaxSize'), size, parsed.error));
    else if (value(size) <= 0) errors.push(invalid(path.child('containerLogMaxSize'), size, 'must be positive'));
  }
  if (files !== undefined && files <= 1) errors.push(invalid(path.child('containerLogMaxFiles'), files, 'must be greater than 1'));
  if (interval !== undefined && (parseDuration(interval) ?? LEAST_INTERVAL_MS) < LEAST_INTERVAL_MS)
    errors.push(
      invalid(path.child('containerLogMonitorInterval'), interval, 'must be a positive time duration greater than or equal to 3s'),
    );
}

function validatePercents(errors: FieldError[], configuration: KubeletConfiguration, path: Path): void {
  const { imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low } = configuration;
  for (const [name, percent] of Object.entries({ imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low }))
    if (percent !== undefined && (percent < 0 || percent > 100))
      errors.push(invalid(path.child(name), percent, 'must be between 0 and 100, inclusive'));
  const [from, to] = [high ?? DEFAULT_SETTINGS.imageHighPercent, low ?? DEFAULT_SETTINGS.imageLowPercent];
  if (to >= from)
    errors.push(invalid(path.child('imageGCLowThresholdPercent'), to, `must be less than imageGCHighThresholdPercent ${from}`));
}

function validateReserved(errors: FieldError[], amounts: Readonly<Record<string, string>>, path: Path): void {
  for (const [name, amount] of Object.entries(amounts)) {
    if (!RESERVABLE.includes(name)) errors.push(notSupported(path.key(name), name, RESERVABLE));
    const parsed = parseQuantity(amount);
    if ('error' in parsed) errors.push(invalid(path.key(name), amount, parsed.error));
    else if (value(amount) < 0) errors.push(forbidden(path.key(name), 'must not be negative'));
  }
}

function validateSignals(errors: FieldError[], amounts: Readonly<Record<string, string>>, path: Path): void {
  for (const signal of Object.keys(amounts))
    if (!EVICTION_SIGNALS.some((known) => known === signal)) errors.push(notSupported(path.key(signal), signal, [...EVICTION_SIGNALS]));
}

function validateAmounts(errors: FieldError[], amounts: Readonly<Record<string, string>>, path: Path): void {
  validateSignals(errors, amounts, path);
  for (const [signal, amount] of Object.entries(amounts)) {
    const place = path.key(signal);
    if (amount.endsWith('%')) {
      const percent = /^-?\d+(?:\.\d+)?%$/.test(amount) ? Number.parseFloat(amount) : Number.NaN;
      if (!(percent >= 0 && percent <= 100)) errors.push(invalid(place, amount, 'percentage must be between 0% and 100%'));
      continue;
    }
    const parsed = parseQuantity(amount);
    if ('error' in parsed) errors.push(invalid(place, amount, parsed.error));
    else if (value(amount) < 0) errors.push(invalid(place, amount, 'must be positive'));
  }
}
