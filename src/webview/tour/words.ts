/** What stands around the texts of tours, in each of their languages. */
import type { TourLanguage } from '../../host/panels/tour/model.ts';

export interface Words {
  readonly chapters: string;
  readonly language: string;
  readonly concepts: string;
  readonly begin: string;
  readonly next: string;
  readonly back: string;
  readonly finish: string;
  readonly end: string;
  readonly again: string;
  readonly here: string;
  readonly hurry: string;
  readonly playing: string;
  readonly checks: string;
  readonly holds: string;
  readonly holdsNot: string;
  readonly open: string;
  readonly failed: string;
  readonly done: string;
  readonly doneText: string;
  readonly nextTour: string;
  readonly allTours: string;
  readonly ownCluster: string;
  readonly played: string;
  readonly swarm: string;
  readonly mesos: string;
  readonly none: string;
  step(at: number, of: number): string;
}

export const WORDS = {
  en: {
    chapters: 'Steps of the tour',
    language: 'Language',
    concepts: 'Concepts',
    begin: 'Begin',
    next: 'Next',
    back: 'Back',
    finish: 'Finish',
    end: 'End Tour',
    again: 'Go Back to Here',
    here: 'Go to This Step',
    hurry: 'Skip Ahead',
    playing: 'Time is running. Watch the Cluster view.',
    checks: 'What came of it',
    holds: 'so it is',
    holdsNot: 'not so',
    open: 'not yet',
    failed: 'Something went otherwise. Go back to here and try again.',
    done: 'That was the tour',
    doneText: 'Your own cluster is shown again, as it was. A tour can be taken as often as you like.',
    nextTour: 'Next Tour',
    allTours: 'All Tours',
    ownCluster:
      'A tour plays on a cluster of its own; yours goes on untouched and comes back when the tour ends. Between the steps time stands still.',
    played: 'done',
    swarm: 'In Swarm',
    mesos: 'In Mesos',
    none: 'nothing of the kind',
    step: (at, of) => `Step ${at} of ${of}`,
  },
  ko: {
    chapters: '둘러보기 단계',
    language: '언어',
    concepts: '개념',
    begin: '시작하기',
    next: '다음',
    back: '이전',
    finish: '마치기',
    end: '둘러보기 끝내기',
    again: '이 단계로 되돌리기',
    here: '이 단계로 가기',
    hurry: '빨리 감기',
    playing: '시간이 흐르고 있습니다. 클러스터 뷰를 지켜보세요.',
    checks: '확인할 것',
    holds: '확인됨',
    holdsNot: '다름',
    open: '아직',
    failed: '예상과 다르게 진행되었습니다. 이 단계로 되돌린 뒤 다시 해 보세요.',
    done: '둘러보기를 마쳤습니다',
    doneText: '원래의 클러스터가 있던 그대로 다시 표시됩니다. 둘러보기는 언제든 다시 할 수 있습니다.',
    nextTour: '다음 둘러보기',
    allTours: '전체 목록',
    ownCluster:
      '둘러보기는 전용 클러스터에서 진행됩니다. 내 클러스터는 영향을 받지 않고 계속 돌아가며, 둘러보기가 끝나면 다시 표시됩니다. 단계와 단계 사이에는 시간이 멈춰 있습니다.',
    played: '완료',
    swarm: 'Swarm에서는',
    mesos: 'Mesos에서는',
    none: '해당하는 것이 없음',
    step: (at, of) => `${of}단계 중 ${at}단계`,
  },
} as const satisfies Readonly<Record<TourLanguage, Words>>;
