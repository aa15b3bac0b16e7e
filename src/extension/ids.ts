/**
 * Every name that package.json and the code share: commands, views, settings, context keys, schemes.
 * Invariant: these are exactly the contributions of package.json (a test compares them). Counterpart: none in Kubernetes.
 */

export const commands = {
  apply: 'kubepad.apply',
  dryRun: 'kubepad.dryRun',
  diff: 'kubepad.diff',
  applyDocument: 'kubepad.applyDocument',
  diffDocument: 'kubepad.diffDocument',
  previewApply: 'kubepad.previewApply',
  deleteManifests: 'kubepad.deleteManifests',
  validateWorkspace: 'kubepad.validateWorkspace',
  buildImage: 'kubepad.buildImage',
  showBuild: 'kubepad.showBuild',
  showImage: 'kubepad.showImage',
  pushImage: 'kubepad.pushImage',
  rollOut: 'kubepad.rollOut',
  openObject: 'kubepad.openObject',
  why: 'kubepad.why',
  revealInCluster: 'kubepad.revealInCluster',
  copyLink: 'kubepad.copyLink',
  describe: 'kubepad.describe',
  yaml: 'kubepad.yaml',
  logs: 'kubepad.logs',
  previousLogs: 'kubepad.previousLogs',
  exec: 'kubepad.exec',
  portForward: 'kubepad.portForward',
  inspectContainer: 'kubepad.inspectContainer',
  compareWithVms: 'kubepad.compareWithVms',
  openTimeline: 'kubepad.openTimeline',
  backToNow: 'kubepad.backToNow',
  openMap: 'kubepad.openMap',
  showInMap: 'kubepad.showInMap',
  delete: 'kubepad.delete',
  cordon: 'kubepad.cordon',
  uncordon: 'kubepad.uncordon',
  drain: 'kubepad.drain',
  failNode: 'kubepad.failNode',
  recoverNode: 'kubepad.recoverNode',
  fault: 'kubepad.fault',
  endFault: 'kubepad.endFault',
  faultReport: 'kubepad.faultReport',
  clockPause: 'kubepad.clock.pause',
  clockResume: 'kubepad.clock.resume',
  clockStep: 'kubepad.clock.step',
  clockNextEvent: 'kubepad.clock.nextEvent',
  clockNextAct: 'kubepad.clock.nextAct',
  clockRunUntil: 'kubepad.clock.runUntil',
  clockSpeed: 'kubepad.clock.speed',
  clockStop: 'kubepad.clock.stop',
  chooseTarget: 'kubepad.chooseTarget',
  leaveTarget: 'kubepad.leaveTarget',
  newCluster: 'kubepad.newCluster',
  deleteCluster: 'kubepad.deleteCluster',
  importSnapshot: 'kubepad.importSnapshot',
  connectKubectl: 'kubepad.connectKubectl',
  resetCluster: 'kubepad.resetCluster',
  createClusterFromFile: 'kubepad.createClusterFromFile',
  restart: 'kubepad.restart',
  showMenu: 'kubepad.showMenu',
  showOutput: 'kubepad.showOutput',
  recordScenario: 'kubepad.recordScenario',
  openSample: 'kubepad.openSample',
  openSamples: 'kubepad.openSamples',
  applySample: 'kubepad.applySample',
  openWalkthrough: 'kubepad.openWalkthrough',
  openTour: 'kubepad.openTour',
  endTour: 'kubepad.endTour',
  openGlossary: 'kubepad.openGlossary',
  focusFilter: 'kubepad.focusFilter',
  collapseAll: 'kubepad.collapseAll',
  expandAll: 'kubepad.expandAll',
  filterEvents: 'kubepad.filterEvents',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const views = {
  cluster: 'kubepad.cluster',
  events: 'kubepad.events',
} as const;

export type ViewName = (typeof views)[keyof typeof views];

export const settings = {
  namespace: 'kubepad.namespace',
  persistence: 'kubepad.persistence',
  validationEnabled: 'kubepad.validation.enabled',
  validationWarnings: 'kubepad.validation.warnings',
  validationReferences: 'kubepad.validation.references',
  validationAdmission: 'kubepad.validation.admission',
  rules: 'kubepad.rules',
  targetVersion: 'kubepad.targetVersion',
  codeLens: 'kubepad.codeLens',
  forecast: 'kubepad.forecast',
  coexistence: 'kubepad.coexistence',
  format: 'kubepad.format',
  inlayHints: 'kubepad.inlayHints.defaults',
  dockerfile: 'kubepad.dockerfile',
  rendering: 'kubepad.rendering.enabled',
  helm: 'kubepad.rendering.helm',
  kubectl: 'kubepad.rendering.kubectl',
  preset: 'kubepad.cluster.preset',
  nodes: 'kubepad.cluster.nodes',
  seed: 'kubepad.cluster.seed',
  schedulerConfig: 'kubepad.schedulerConfig',
  kubeconfig: 'kubepad.kubeconfig',
} as const;

export type SettingName = (typeof settings)[keyof typeof settings];

/** Keys that `when` clauses of package.json ask for. */
export const contextKeys = {
  paused: 'kubepad.paused',
  running: 'kubepad.running',
  /** A real cluster is shown. */
  realTarget: 'kubepad.realTarget',
  /** The paths of files that say what a cluster is made of. */
  clusterConfigs: 'kubepad.clusterConfigs',
} as const;

export const schemes = {
  /** Live objects as YAML; saving one is an edit through the API. */
  live: 'kubepad',
  /** Texts to read: descriptions, logs, sides of a diff. */
  text: 'kubepad-text',
} as const;

/** The type of tasks; their problem matcher is `$kubepad`. */
export const taskType = 'kubepad';

export const walkthrough = 'kubepad.kubepad#firstSteps';

/** Scenarios in the debugger. */
export const debugType = 'kubepad-scenario';

/** The source of every diagnostic. */
export const diagnosticSource = 'Kubepad';
