/** The types of flowcontrol.apiserver.k8s.io as messages print them; see core/pod/internalShapes.ts for how they are written. */
export const FLOWCONTROL_SHAPES = {
  FlowSchemaSpec: `PriorityLevelConfiguration:PriorityLevelConfigurationReference MatchingPrecedence:int
    DistinguisherMethod:*FlowDistinguisherMethod Rules:[]PolicyRulesWithSubjects`,
  PriorityLevelConfigurationReference: 'Name:string',
  FlowDistinguisherMethod: 'Type:string',
  PolicyRulesWithSubjects: 'Subjects:[]Subject ResourceRules:[]ResourcePolicyRule NonResourceRules:[]NonResourcePolicyRule',
  Subject: 'Kind:string User:*UserSubject Group:*GroupSubject ServiceAccount:*ServiceAccountSubject',
  UserSubject: 'Name:string',
  GroupSubject: 'Name:string',
  ServiceAccountSubject: 'Namespace:string Name:string',
  ResourcePolicyRule: 'Verbs APIGroups Resources ClusterScope:bool Namespaces',
  NonResourcePolicyRule: 'Verbs NonResourceURLs',
  PriorityLevelConfigurationSpec: 'Type:string Limited:*LimitedPriorityLevelConfiguration Exempt:*ExemptPriorityLevelConfiguration',
  LimitedPriorityLevelConfiguration: 'NominalConcurrencyShares:int LimitResponse:LimitResponse LendablePercent BorrowingLimitPercent',
  LimitResponse: 'Type:string Queuing:*QueuingConfiguration',
  QueuingConfiguration: 'Queues:int HandSize:int QueueLengthLimit:int',
  ExemptPriorityLevelConfiguration: 'NominalConcurrencyShares LendablePercent',
} as const satisfies { readonly [name: string]: string };
