/**
 * `kubepad build`: a Dockerfile's simulated build on the command line, and the Image for a cluster.
 */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { Cluster } from '../../cluster/cluster.ts';
import { printYaml } from '../../kubectl/printYaml.ts';
import type { Image } from '../../api/kubepad/image/types.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { build } from '../images/builder.ts';
import { layerCache, pushImage } from '../images/imageStore.ts';

interface BuildFlags {
  readonly tag: readonly string[];
  readonly file?: string;
  readonly target?: string;
  readonly buildArg: readonly string[];
  readonly cache: boolean;
  readonly output: 'text' | 'yaml';
  readonly push?: boolean;
}

const gather = (value: string, former: readonly string[]): readonly string[] => [...former, value];

export function addBuildCommand(program: Command): void {
  program
    .command('build')
    .description(
      'Build a Dockerfile without running anything, as `docker build` tells it; exit 0: built, 1: it cannot be built, 2: could not run.',
    )
    .argument('<context>', 'the folder whose files it copies')
    .option('-t, --tag <name>', 'what the image is called; may be given more than once', gather, [])
    .option('-f, --file <file>', 'the Dockerfile; default: Dockerfile in the context')
    .option('--target <stage>', 'the stage to build; default: the last')
    .option('--build-arg <name=value>', 'a value of ARG; may be given more than once', gather, [])
    .option('--no-cache', 'build every step anew')
    .option('--push', 'the registry has it, so that nodes can pull it')
    .addOption(
      new Option('-o, --output <format>', 'text: the steps; yaml: the Image, for `kubectl apply -f -`')
        .choices(['text', 'yaml'])
        .default('text'),
    )
    .action(async (context: string, flags: BuildFlags) => {
      process.exitCode = await run(context, flags);
    });
}

async function run(context: string, flags: BuildFlags): Promise<number> {
  const client = Cluster.create({ seed: 'build', startTime: 0, preset: 'empty' }).admin();
  const dockerfile = flags.file ?? join(context, 'Dockerfile');
  const names = flags.tag.length === 0 ? ['image:latest'] : flags.tag;
  const say = flags.output === 'text' ? console.log : console.error;
  try {
    const outcome = await build(
      {
        dockerfile,
        context,
        names,
        target: flags.target,
        noCache: !flags.cache,
        args: Object.fromEntries(
          flags.buildArg.map((pair) => [
            pair.split('=')[0] ?? '',
            pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : (process.env[pair] ?? ''),
          ]),
        ),
        source: { dockerfile },
      },
      () => client,
      layerCache(() => client),
      (lines) => {
        for (const { text } of lines) say(text);
        return Promise.resolve(true);
      },
    );
    if (outcome === 'cancelled' || outcome.result.problem !== undefined) return 1;
    if (flags.push === true) {
      for (const name of names) {
        const { ok, lines } = pushImage(client, name);
        for (const line of lines) say(line);
        if (!ok) return 1;
      }
    }
    if (flags.output === 'yaml')
      for (const image of outcome.images) process.stdout.write(`---\n${printYaml(forCluster(image, flags.push === true))}`);
    return 0;
  } catch (error) {
    console.error(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

/** Without what the other cluster sets itself. */
function forCluster({ apiVersion, kind, metadata, spec }: Image, pushed: boolean): KubeObject {
  return { apiVersion, kind, metadata: { name: metadata.name }, spec: { ...spec, pushed } } as KubeObject;
}
