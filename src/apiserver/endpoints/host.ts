import type { Documentation } from './openapi/openapi.ts';
import type { NodeApi } from './nodeApi.ts';
import type { ServiceAccountTokens, TokenIdentity } from '../authentication/serviceaccount/tokens.ts';

/** What the process around the API server lends it: keys, and whatever else is no part of the simulation. */
export interface RestHost {
  /** Without them no ServiceAccount gets a token. */
  readonly tokens?: ServiceAccountTokens;
  /** Who bears a token, of the host's own or of a ServiceAccount. */
  readonly identify?: (token: string) => TokenIdentity | undefined;
  /** What fields are for, for the OpenAPI documents; the same object at every call. */
  readonly documentation?: () => Documentation;
  /** The kubelets of the simulated nodes. */
  readonly nodes?: NodeApi;
}
