/** A task as tasks.json writes it; the properties beside `type` are those of package.json. */
export interface ValidateDefinition {
  readonly type: string;
  readonly command: string;
  readonly paths?: readonly string[];
  readonly rules?: boolean;
  readonly render?: boolean;
  readonly targetVersion?: string;
}

/** What stands behind `kubepad`; @param targetVersion of tasks that name none */
export function argumentsOf(definition: ValidateDefinition, targetVersion: string): readonly string[] {
  const { paths = ['.'], rules = false, render = false } = definition;
  return [
    'validate',
    '--target-version',
    definition.targetVersion ?? targetVersion,
    ...(rules ? ['--rules'] : []),
    ...(render ? ['--render'] : []),
    '--',
    ...paths,
  ];
}
