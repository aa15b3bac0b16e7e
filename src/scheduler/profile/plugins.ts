/**
 * Which plugins a profile runs, at which extension points, in which order, with which weights: the default ones, changed as the
 * profile says.
 * Invariant: a profile that says nothing has the default plugins unchanged.
 * Counterpart: mergePlugins and expandMultiPointPlugins of k8s.io/kubernetes/pkg/scheduler.
 */
import { argsOf, EXTENSION_POINTS, type ExtensionPoint, type PluginSet, type SchedulerProfile } from '../apis/config/types.ts';
import type { Plugin } from '../framework/interface.ts';
import type { OrderedPoint } from '../framework/runtime/profile.ts';
import { defaultPlugins } from '../framework/plugins/registry.ts';

type Point = Exclude<ExtensionPoint, 'multiPoint'>;

/** What of a plugin belongs to an extension point; the parts of the others are the scheduler's own work here. */
const PARTS: Readonly<Partial<Record<Point, readonly (keyof Plugin)[]>>> = {
  preEnqueue: ['preEnqueue'],
  preFilter: ['preFilter', 'addPod', 'removePod'],
  filter: ['filter'],
  postFilter: ['postFilter'],
  preScore: ['preScore'],
  score: ['score', 'normalizeScore'],
  reserve: ['unreserve'],
  preBind: ['preBindPreFlight', 'preBind', 'preBindDone'],
};
/** Plugins that are no objects here, with the only point that they extend: there is one queue order and one way to bind. */
const BUILT_IN: Readonly<Record<string, Point>> = { PrioritySort: 'queueSort', DefaultBinder: 'bind' };

export interface ProfilePlugins {
  readonly plugins: readonly Plugin[];
  /** The names in the order of an extension point; undefined: that of `plugins` everywhere. */
  readonly orderAt: ((point: OrderedPoint) => readonly string[]) | undefined;
  /** Why the real scheduler would not start. */
  readonly error: string | undefined;
}

export function pluginsOf(profile: SchedulerProfile): ProfilePlugins {
  const known = defaultPlugins(argsOf(profile));
  const sets = profile.plugins ?? {};
  const error = firstError(known, sets, profile.schedulerName ?? 'default-scheduler');
  if (profile.plugins === undefined) return { plugins: known, orderAt: undefined, error };
  const plugins = known.map((plugin) => shaped(plugin, sets)).filter((plugin) => plugin !== undefined);
  const everywhere = merged(
    known.map(({ name }) => name),
    sets.multiPoint,
  );
  return { plugins, orderAt: (point) => order(everywhere, sets[point]), error };
}

/**
 * The default plugins without those that are disabled, then those that are enabled. One that is enabled only stays where it is; one that
 * is disabled as well moves to the end. Example: a b c, b disabled and enabled: a c b.
 */
function merged(defaults: readonly string[], set: PluginSet | undefined): readonly string[] {
  const kept = defaults.filter((name) => !isDisabled(set, name));
  return [...kept, ...(set?.enabled ?? []).map(({ name }) => name).filter((name) => !kept.includes(name))];
}

/** First those that are enabled everywhere and here again, then those everywhere, then those that are enabled here only. */
function order(everywhere: readonly string[], set: PluginSet | undefined): readonly string[] {
  const here = (set?.enabled ?? []).map(({ name }) => name);
  const fromEverywhere = everywhere.filter((name) => !isDisabled(set, name));
  const again = here.filter((name) => fromEverywhere.includes(name));
  return [...again, ...fromEverywhere.filter((name) => !here.includes(name)), ...here.filter((name) => !again.includes(name))];
}

/** The plugin with what the profile leaves of it; undefined: nothing. */
function shaped(plugin: Plugin, sets: NonNullable<SchedulerProfile['plugins']>): Plugin | undefined {
  const { name } = plugin;
  const everywhere = enabledIn(sets.multiPoint, name);
  const isOn = everywhere !== undefined || !isDisabled(sets.multiPoint, name);
  const kept: Partial<Record<keyof Plugin, unknown>> = { ...plugin };
  let points = 0;
  for (const [point, parts] of Object.entries(PARTS) as [Point, readonly (keyof Plugin)[]][]) {
    if (parts.every((part) => plugin[part] === undefined)) continue;
    const here = enabledIn(sets[point], name);
    if (here !== undefined || (isOn && !isDisabled(sets[point], name))) points++;
    else for (const part of parts) delete kept[part];
  }
  if (points === 0) return undefined;
  const chosen = enabledIn(sets.score, name) ?? everywhere;
  if (chosen !== undefined) kept.weight = (chosen.weight ?? 0) > 0 ? chosen.weight : 1;
  return kept as unknown as Plugin;
}

function enabledIn(set: PluginSet | undefined, name: string): { readonly weight?: number } | undefined {
  return set?.enabled?.find((reference) => reference.name === name);
}

function isDisabled(set: PluginSet | undefined, name: string): boolean {
  return set?.disabled?.some((reference) => reference.name === name || reference.name === '*') === true;
}

function firstError(known: readonly Plugin[], sets: NonNullable<SchedulerProfile['plugins']>, schedulerName: string): string | undefined {
  const exists = (name: string): boolean => name in BUILT_IN || known.some((plugin) => plugin.name === name);
  const extendsPoint = (name: string, point: Point): boolean => {
    const plugin = known.find((each) => each.name === name);
    return BUILT_IN[name] === point || (plugin !== undefined && PARTS[point]?.some((part) => plugin[part] !== undefined) === true);
  };
  for (const point of EXTENSION_POINTS) {
    const type = `${point.charAt(0).toUpperCase()}${point.slice(1)}Plugin`;
    const seen = new Set<string>();
    for (const { name } of sets[point]?.enabled ?? []) {
      if (!exists(name)) return `${type} "${name}" does not exist`;
      if (!extendsPoint(name, point)) return `plugin "${name}" does not extend ${type} plugin`;
      if (seen.has(name)) return `plugin "${name}" already registered as "${type}"`;
      seen.add(name);
    }
  }
  const seen = new Set<string>();
  for (const { name } of sets.multiPoint?.enabled ?? []) {
    if (!exists(name)) return `MultiPointPlugin "${name}" does not exist`;
    if (seen.has(name)) return `plugin "${name}" already registered as "MultiPointPlugin"`;
    seen.add(name);
  }
  const runs = (name: string, point: Point): boolean =>
    enabledIn(sets[point], name) !== undefined ||
    ((enabledIn(sets.multiPoint, name) !== undefined || !isDisabled(sets.multiPoint, name)) && !isDisabled(sets[point], name));
  if (!runs('PrioritySort', 'queueSort'))
    return `only one queue sort plugin required for profile with scheduler name "${schedulerName}", but got 0`;
  if (!runs('DefaultBinder', 'bind')) return `at least one bind plugin is needed for profile with scheduler name "${schedulerName}"`;
  return undefined;
}
