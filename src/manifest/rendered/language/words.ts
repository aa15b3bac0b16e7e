/** What every template is given, and the functions that Helm adds, in a few words each. Counterpart: Helm's built-in objects. */
export interface BuiltIn {
  readonly text: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  Values: { text: 'The values of the chart: `values.yaml`, overridden by files and flags of the installation.' },
  Release: {
    text: 'The release that is installed.',
    fields: {
      Name: 'The name of the release.',
      Namespace: 'The namespace that the release is installed into.',
      Revision: 'The number of the revision: 1 at the installation, one more at every upgrade and rollback.',
      IsInstall: 'Whether this is an installation.',
      IsUpgrade: 'Whether this is an upgrade or a rollback.',
      Service: 'What renders: `Helm`.',
    },
  },
  Chart: {
    text: 'What `Chart.yaml` says.',
    fields: {
      Name: 'The name of the chart.',
      Version: 'The version of the chart.',
      AppVersion: 'The version of what the chart installs.',
      Description: 'A sentence about the chart.',
      Type: '`application` or `library`.',
      Annotations: 'Annotations of the chart.',
      Dependencies: 'The charts that it needs.',
      Keywords: 'Words to find the chart by.',
      Home: 'The address of the project.',
      Sources: 'Addresses of the sources.',
      Maintainers: 'Who maintains the chart.',
      Icon: 'The address of an image.',
      KubeVersion: 'The versions of Kubernetes that it is for.',
    },
  },
  Capabilities: {
    text: 'What the cluster can do.',
    fields: {
      APIVersions: 'The versions that are served; `.Has "batch/v1"` asks for one, or for a kind: `"apps/v1/Deployment"`.',
      KubeVersion: 'The version of Kubernetes: `.Version`, `.Major`, `.Minor`.',
      HelmVersion: 'The version of Helm: `.Version`, `.GitCommit`.',
    },
  },
  Files: {
    text: 'The files of the chart that are no templates.',
    fields: {
      Get: 'The text of a file: `.Files.Get "config.ini"`.',
      GetBytes: 'A file as bytes.',
      Glob: 'The files that match a pattern.',
      Lines: 'The lines of a file.',
      AsConfig: 'Files as the data of a ConfigMap.',
      AsSecrets: 'Files as the data of a Secret, in base64.',
    },
  },
  Template: {
    text: 'The template that is rendered.',
    fields: { Name: 'Its path with that of the chart.', BasePath: 'The folder of templates of the chart.' },
  },
  Subcharts: { text: 'What the charts in this chart are given, by their names.' },
};
