/** The conditions of an object, with what is good and what is bad about them. Counterpart: the Conditions of kubectl describe. */
import { parseTime } from '../../../apimachinery/meta/time.ts';
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Tone } from '../../protocol/view.ts';
import { isRecord } from '../../../manifest/recognise.ts';
import { valueAt } from './agreement.ts';
import type { ConditionModel } from './model.ts';

/** Conditions that say that something is wrong when they are true. */
const BAD =
  /(Pressure|Unavailable|Failure|Failed|FailureTarget|DisruptionTarget|Denied|Invalid|NonStructuralSchema|Terminating|Remaining)$/;
/** Conditions that say that something goes on while they are true, and nothing when they are not. */
const BUSY =
  /^(Suspended|PodResize(Pending|InProgress)|FileSystemResizePending|Resizing|ModifyingVolume|ModifyVolumeError|ScalingLimited)$/;

export function conditionsOf(object: KubeObject): readonly ConditionModel[] {
  const list = valueAt(object, 'status.conditions');
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map((condition) => {
    const text = (name: string): string => (typeof condition[name] === 'string' ? condition[name] : '');
    const [type, status, since] = [text('type'), text('status'), text('lastTransitionTime')];
    return {
      key: type,
      status,
      tone: toneOf(type, status),
      reason: text('reason'),
      message: text('message'),
      since: since === '' ? undefined : parseTime(since),
    };
  });
}

function toneOf(type: string, status: string): Tone {
  if (status !== 'True' && status !== 'False') return 'warn';
  if (BAD.test(type)) return status === 'True' ? 'error' : 'ok';
  if (BUSY.test(type)) return status === 'True' ? 'busy' : 'idle';
  return status === 'True' ? 'ok' : 'warn';
}
