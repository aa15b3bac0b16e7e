/**
 * Dynamic resource allocation, as far as Pods without claims are concerned: it takes part in every refusal's text.
 * Counterpart: plugins/dynamicresources. Claims are allocated by a later version of this room.
 */
import type { Plugin } from '../../interface.ts';
import { unschedulable } from '../../status.ts';

const STATE = 'DynamicResources';

export const dynamicResources = {
  name: 'DynamicResources',
  weight: 2,
  preFilter: (state) => {
    state.set(STATE, true);
    return { code: 'Skip', reasons: [] };
  },
  // Without claims there is nothing to prefer; the plugin still takes part with a zero.
  score: () => 0,
  // Without the state that PreFilter leaves, the real plugin answers that the state was not found, and no other PostFilter runs.
  postFilter: (state) =>
    state.has(STATE) ? { status: unschedulable('no new claims to deallocate') } : { status: { code: 'Error', reasons: ['not found'] } },
} satisfies Plugin;
