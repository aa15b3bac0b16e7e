import { FLOWCONTROL_SHAPES } from '../../flowcontrol/internalShapes.ts';
import { RESOURCE_SHAPES } from '../../resource/internalShapes.ts';

/**
 * The fields of the server's types, as data for `internal.ts`. A token is the Go name, `=` the name in JSON where it
 * is not the usual one (or a path), `?` if it is left out when not set, and after `:` what it holds:
 * a scalar with a zero value, a type of this table, `*` a reference, `[]` a list. Nothing: anything that may be null.
 */
const CONTAINER = `Name:string Image:string Command Args WorkingDir:string Ports:[]ContainerPort EnvFrom:[]EnvFromSource
  Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy
  RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe
  ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:string
  TerminationMessagePolicy:string ImagePullPolicy:string SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY:bool`;

const KEY_SELECTOR = 'Name:string Key:string Optional';
const NAMED_OPTIONAL = 'Name:string Optional';
const PROFILE = 'Type:string LocalhostProfile';
const ISCSI = `TargetPortal:string IQN:string Lun:int ISCSIInterface:string FSType:string ReadOnly:bool Portals
    DiscoveryCHAPAuth=chapAuthDiscovery:bool SessionCHAPAuth=chapAuthSession:bool SecretRef:*LocalObjectReference InitiatorName`;
const RBD = `CephMonitors=monitors RBDImage=image:string FSType:string RBDPool=pool:string RadosUser=user:string
    Keyring:string SecretRef:*LocalObjectReference ReadOnly:bool`;
const SCALE_IO = `Gateway:string System:string SecretRef:*LocalObjectReference SSLEnabled:bool ProtectionDomain:string
    StoragePool:string StorageMode:string VolumeName:string FSType:string ReadOnly:bool`;
const PERSISTENT_VOLUME_SOURCE = `GCEPersistentDisk:*GCEPersistentDiskVolumeSource AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource
    HostPath:*HostPathVolumeSource Glusterfs:*GlusterfsPersistentVolumeSource NFS:*NFSVolumeSource RBD:*RBDPersistentVolumeSource
    Quobyte:*QuobyteVolumeSource ISCSI:*ISCSIPersistentVolumeSource FlexVolume:*FlexPersistentVolumeSource
    Cinder:*CinderPersistentVolumeSource CephFS=cephfs:*CephFSPersistentVolumeSource FC:*FCVolumeSource
    Flocker:*FlockerVolumeSource AzureFile:*AzureFilePersistentVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource
    AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource PortworxVolume:*PortworxVolumeSource
    ScaleIO:*ScaleIOPersistentVolumeSource Local:*LocalVolumeSource StorageOS=storageos:*StorageOSPersistentVolumeSource
    CSI:*CSIPersistentVolumeSource`;
const DURING_TERMS =
  'RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm';

export const SHAPES = {
  ...FLOWCONTROL_SHAPES,
  ...RESOURCE_SHAPES,
  PodSpec: `Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer
    RestartPolicy:string TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy:string NodeSelector:map
    ServiceAccountName:string AutomountServiceAccountToken NodeName:string SecurityContext:*PodSecurityContext
    ImagePullSecrets:[]LocalObjectReference Hostname:string Subdomain:string SetHostnameAsFQDN Affinity:*Affinity
    SchedulerName:string Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName:string Priority PreemptionPolicy
    DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName Overhead:map EnableServiceLinks
    TopologySpreadConstraints:[]TopologySpreadConstraint OS:*PodOS SchedulingGates:[]PodSchedulingGate
    ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride SchedulingGroup:*PodSchedulingGroup`,
  Container: CONTAINER,
  EphemeralContainer: `${CONTAINER} TargetContainerName:string`,
  ContainerPort: 'Name:string HostPort:int ContainerPort:int Protocol:string HostIP:string',
  EnvFromSource: 'Prefix:string ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource',
  ConfigMapEnvSource: NAMED_OPTIONAL,
  SecretEnvSource: NAMED_OPTIONAL,
  EnvVar: 'Name:string Value:string ValueFrom:*EnvVarSource',
  EnvVarSource: `FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*ConfigMapKeySelector
    SecretKeyRef:*SecretKeySelector FileKeyRef:*FileKeySelector`,
  ObjectFieldSelector: 'APIVersion:string FieldPath:string',
  ResourceFieldSelector: 'ContainerName:string Resource:string Divisor:quantity',
  ConfigMapKeySelector: KEY_SELECTOR,
  SecretKeySelector: KEY_SELECTOR,
  FileKeySelector: 'VolumeName:string Path:string Key:string Optional',
  ResourceRequirements: 'Limits:map Requests:map Claims:[]ResourceClaim',
  ResourceClaim: 'Name:string Request:string',
  ContainerResizePolicy: 'ResourceName:string RestartPolicy:string',
  ContainerRestartRule: 'Action:string ExitCodes:*ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'Operator:string Values',
  VolumeMount: 'Name:string ReadOnly:bool RecursiveReadOnly MountPath:string SubPath:string MountPropagation SubPathExpr:string',
  VolumeDevice: 'Name:string DevicePath:string',
  Probe: `Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction InitialDelaySeconds:int
    TimeoutSeconds:int PeriodSeconds:int SuccessThreshold:int FailureThreshold:int TerminationGracePeriodSeconds`,
  Lifecycle: 'PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal',
  LifecycleHandler: 'Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction Sleep:*SleepAction',
  ExecAction: 'Command',
  HTTPGetAction: 'Path:string Port:int Host:string Scheme:string HTTPHeaders:[]HTTPHeader',
  HTTPHeader: 'Name:string Value:string',
  TCPSocketAction: 'Port:int Host:string',
  GRPCAction: 'Port:int Service',
  SleepAction: 'Seconds:int',
  SecurityContext: `Capabilities:*Capabilities Privileged SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions
    RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ProcMount SeccompProfile:*SeccompProfile
    AppArmorProfile:*AppArmorProfile`,
  PodSecurityContext: `HostNetwork:bool HostPID:bool HostIPC:bool ShareProcessNamespace HostUsers SELinuxOptions:*SELinuxOptions
    WindowsOptions:*WindowsSecurityContextOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups SupplementalGroupsPolicy
    FSGroup FSGroupChangePolicy Sysctls:[]Sysctl SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy`,
  Capabilities: 'Add Drop',
  SELinuxOptions: 'User:string Role:string Type:string Level:string',
  WindowsSecurityContextOptions: 'GMSACredentialSpecName GMSACredentialSpec RunAsUserName HostProcess',
  SeccompProfile: PROFILE,
  AppArmorProfile: PROFILE,
  Sysctl: 'Name:string Value:string',
  Volume: `Name:string HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource
    GCEPersistentDisk:*GCEPersistentDiskVolumeSource AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource
    GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI:*ISCSIVolumeSource
    Glusterfs:*GlusterfsVolumeSource PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolumeSource
    Quobyte:*QuobyteVolumeSource FlexVolume:*FlexVolumeSource Cinder:*CinderVolumeSource CephFS=cephfs:*CephFSVolumeSource
    Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource FC:*FCVolumeSource AzureFile:*AzureFileVolumeSource
    ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource AzureDisk:*AzureDiskVolumeSource
    PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource Projected:*ProjectedVolumeSource
    PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOVolumeSource StorageOS=storageos:*StorageOSVolumeSource
    CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource`,
  HostPathVolumeSource: 'Path:string Type',
  EmptyDirVolumeSource: 'Medium:string SizeLimit',
  GCEPersistentDiskVolumeSource: 'PDName:string FSType:string Partition:int ReadOnly:bool',
  AWSElasticBlockStoreVolumeSource: 'VolumeID:string FSType:string Partition:int ReadOnly:bool',
  GitRepoVolumeSource: 'Repository:string Revision:string Directory:string',
  SecretVolumeSource: 'SecretName:string Items:[]KeyToPath DefaultMode Optional',
  KeyToPath: 'Key:string Path:string Mode',
  NFSVolumeSource: 'Server:string Path:string ReadOnly:bool',
  ISCSIVolumeSource: ISCSI,
  GlusterfsVolumeSource: 'EndpointsName=endpoints:string Path:string ReadOnly:bool',
  PersistentVolumeClaimVolumeSource: 'ClaimName:string ReadOnly:bool',
  RBDVolumeSource: RBD,
  QuobyteVolumeSource: 'Registry:string Volume:string ReadOnly:bool User:string Group:string Tenant:string',
  FlexVolumeSource: 'Driver:string FSType:string SecretRef:*LocalObjectReference ReadOnly:bool Options:map',
  CinderVolumeSource: 'VolumeID:string FSType:string ReadOnly:bool SecretRef:*LocalObjectReference',
  CephFSVolumeSource: 'Monitors Path:string User:string SecretFile:string SecretRef:*LocalObjectReference ReadOnly:bool',
  FlockerVolumeSource: 'DatasetName:string DatasetUUID:string',
  DownwardAPIVolumeSource: 'Items:[]DownwardAPIVolumeFile DefaultMode',
  DownwardAPIVolumeFile: 'Path:string FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode',
  FCVolumeSource: 'TargetWWNs Lun FSType:string ReadOnly:bool WWIDs=wwids',
  AzureFileVolumeSource: 'SecretName:string ShareName:string ReadOnly:bool',
  ConfigMapVolumeSource: 'Name:string Items:[]KeyToPath DefaultMode Optional',
  VsphereVirtualDiskVolumeSource: 'VolumePath:string FSType:string StoragePolicyName:string StoragePolicyID:string',
  AzureDiskVolumeSource: 'DiskName:string DataDiskURI=diskURI:string CachingMode FSType ReadOnly Kind',
  PhotonPersistentDiskVolumeSource: 'PdID:string FSType:string',
  ProjectedVolumeSource: 'Sources:[]VolumeProjection DefaultMode',
  VolumeProjection: `Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection
    ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle PodCertificate`,
  SecretProjection: 'Name:string Items:[]KeyToPath Optional',
  ConfigMapProjection: 'Name:string Items:[]KeyToPath Optional',
  DownwardAPIProjection: 'Items:[]DownwardAPIVolumeFile',
  ServiceAccountTokenProjection: 'Audience:string ExpirationSeconds:int Path:string',
  PortworxVolumeSource: 'VolumeID:string FSType:string ReadOnly:bool',
  ScaleIOVolumeSource: SCALE_IO,
  StorageOSVolumeSource: 'VolumeName:string VolumeNamespace:string FSType:string ReadOnly:bool SecretRef:*LocalObjectReference',
  CSIVolumeSource: 'Driver:string ReadOnly FSType VolumeAttributes:map NodePublishSecretRef:*LocalObjectReference',
  EphemeralVolumeSource: 'VolumeClaimTemplate:*PersistentVolumeClaimTemplate',
  PersistentVolumeClaimTemplate: 'labels=metadata.labels?:map annotations=metadata.annotations?:map Spec:PersistentVolumeClaimSpec',
  PersistentVolumeClaimSpec: `AccessModes Selector:*LabelSelector Resources:VolumeResourceRequirements VolumeName:string
    StorageClassName VolumeMode DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName`,
  VolumeResourceRequirements: 'Limits:map Requests:map',
  TypedLocalObjectReference: 'APIGroup Kind:string Name:string',
  TypedObjectReference: 'APIGroup Kind:string Name:string Namespace',
  ImageVolumeSource: 'Reference:string PullPolicy:string',
  LocalObjectReference: 'Name:string',
  Affinity: 'NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity',
  NodeAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector
    PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm`,
  NodeSelector: 'NodeSelectorTerms:[]NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key:string Operator:string Values',
  PreferredSchedulingTerm: 'Weight:int Preference:NodeSelectorTerm',
  PodAffinity: DURING_TERMS,
  PodAffinityTerm: `LabelSelector:*LabelSelector Namespaces TopologyKey:string NamespaceSelector:*LabelSelector MatchLabelKeys
    MismatchLabelKeys`,
  WeightedPodAffinityTerm: 'Weight:int PodAffinityTerm:PodAffinityTerm',
  LabelSelector: 'matchLabels?:map matchExpressions?:[]LabelSelectorRequirement',
  LabelSelectorRequirement: 'key:string operator:string values?',
  Toleration: 'Key:string Operator:string Value:string Effect:string TolerationSeconds',
  HostAlias: 'IP:string Hostnames',
  PodDNSConfig: 'Nameservers Searches Options:[]PodDNSConfigOption',
  PodDNSConfigOption: 'Name:string Value',
  PodReadinessGate: 'ConditionType:string',
  TopologySpreadConstraint: `MaxSkew:int TopologyKey:string WhenUnsatisfiable:string LabelSelector:*LabelSelector MinDomains
    NodeAffinityPolicy NodeTaintsPolicy MatchLabelKeys`,
  PodOS: 'Name:string',
  PodSchedulingGate: 'Name:string',
  PodResourceClaim: 'Name:string ResourceClaimName ResourceClaimTemplateName',
  PodSchedulingGroup: 'PodGroupName',
  PersistentVolumeSource: PERSISTENT_VOLUME_SOURCE,
  PersistentVolumeSpec: `Capacity:map ${PERSISTENT_VOLUME_SOURCE} AccessModes ClaimRef:*ObjectReference
    PersistentVolumeReclaimPolicy:string StorageClassName:string MountOptions VolumeMode NodeAffinity:*VolumeNodeAffinity
    VolumeAttributesClassName`,
  VolumeAttachmentSpec: 'Attacher:string Source:VolumeAttachmentSource NodeName:string',
  VolumeAttachmentSource: 'PersistentVolumeName InlineVolumeSpec:*PersistentVolumeSpec',
  CSINodeDriver: 'Name:string NodeID:string TopologyKeys Allocatable',
  GlusterfsPersistentVolumeSource: 'EndpointsName=endpoints:string Path:string ReadOnly:bool EndpointsNamespace',
  RBDPersistentVolumeSource: RBD.replace('LocalObjectReference', 'SecretReference'),
  ISCSIPersistentVolumeSource: ISCSI.replace('LocalObjectReference', 'SecretReference'),
  FlexPersistentVolumeSource: 'Driver:string FSType:string SecretRef:*SecretReference ReadOnly:bool Options:map',
  CinderPersistentVolumeSource: 'VolumeID:string FSType:string ReadOnly:bool SecretRef:*SecretReference',
  CephFSPersistentVolumeSource: 'Monitors Path:string User:string SecretFile:string SecretRef:*SecretReference ReadOnly:bool',
  AzureFilePersistentVolumeSource: 'SecretName:string ShareName:string ReadOnly:bool SecretNamespace',
  ScaleIOPersistentVolumeSource: SCALE_IO.replace('LocalObjectReference', 'SecretReference'),
  LocalVolumeSource: 'Path:string FSType',
  StorageOSPersistentVolumeSource: 'VolumeName:string VolumeNamespace:string FSType:string ReadOnly:bool SecretRef:*ObjectReference',
  CSIPersistentVolumeSource: `Driver:string VolumeHandle:string ReadOnly:bool FSType:string VolumeAttributes:map
    ControllerPublishSecretRef:*SecretReference NodeStageSecretRef:*SecretReference NodePublishSecretRef:*SecretReference
    ControllerExpandSecretRef:*SecretReference NodeExpandSecretRef:*SecretReference`,
  SecretReference: 'Name:string Namespace:string',
  ObjectReference: `Kind:string Namespace:string Name:string UID:string APIVersion:string ResourceVersion:string FieldPath:string`,
  VolumeNodeAffinity: 'Required:*NodeSelector',
  Capacity: 'Capacity:map',
  ScopeSelector: 'MatchExpressions:[]ScopedResourceSelectorRequirement',
  ScopedResourceSelectorRequirement: 'ScopeName:string Operator:string Values',
} as const satisfies { readonly [name: string]: string };

export type ShapeName = keyof typeof SHAPES;
