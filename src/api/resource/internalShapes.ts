/** The types of resource.k8s.io as messages print them; see core/pod/internalShapes.ts for how they are written. */
const REQUEST = `DeviceClassName:string Selectors:[]DeviceSelector AllocationMode:string Count:int`;
const REQUEST_END = 'Tolerations:[]DeviceToleration Capacity:*CapacityRequirements';

export const RESOURCE_SHAPES = {
  ResourceClaimTemplateSpec: 'labels=metadata.labels?:map annotations=metadata.annotations?:map Spec:ResourceClaimSpec',
  ResourceClaimSpec: 'Devices:DeviceClaim',
  DeviceClaim: 'Requests:[]DeviceRequest Constraints:[]DeviceConstraint Config:[]DeviceClaimConfiguration',
  DeviceRequest: 'Name:string Exactly:*ExactDeviceRequest FirstAvailable:[]DeviceSubRequest',
  ExactDeviceRequest: `${REQUEST} AdminAccess ${REQUEST_END}`,
  DeviceSubRequest: `Name:string ${REQUEST} ${REQUEST_END}`,
  DeviceSelector: 'CEL:*CELDeviceSelector',
  CELDeviceSelector: 'Expression:string',
  DeviceToleration: 'Key:string Operator:string Value:string Effect:string TolerationSeconds',
  CapacityRequirements: 'Requests:map',
  DeviceConstraint: 'Requests MatchAttribute DistinctAttribute',
  DeviceClaimConfiguration: 'Requests Opaque:*OpaqueDeviceConfiguration',
  OpaqueDeviceConfiguration: 'Driver:string Parameters',
  AllocationResult: 'Devices:DeviceAllocationResult NodeSelector:*NodeSelector AllocationTimestamp',
  DeviceAllocationResult: 'Results:[]DeviceRequestAllocationResult Config:[]DeviceAllocationConfiguration',
  DeviceRequestAllocationResult: `Request:string Driver:string Pool:string Device:string AdminAccess Tolerations:[]DeviceToleration
    BindingConditions BindingFailureConditions ShareID ConsumedCapacity:map`,
  DeviceAllocationConfiguration: 'Source:string Requests Opaque:*OpaqueDeviceConfiguration',
  DeviceAttribute: `IntValue=int BoolValue=bool StringValue=string VersionValue=version BoolValues=bools IntValues=ints
    StringValues=strings VersionValues=versions`,
} as const satisfies { readonly [name: string]: string };
