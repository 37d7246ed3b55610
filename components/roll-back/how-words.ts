import type { RollBackHow } from '@/lib/deployments/model/roll-back';

/** How a target gets back, in a word, and what that means. */
export const HOW = {
  repoint: { word: 'Repoint', says: 'The provider serves the earlier result again; nothing is built.' },
  'repoint-or-redeploy': {
    word: 'Repoint or redeploy',
    says: 'The server serves the earlier release again where it still keeps it; otherwise it is built anew.',
  },
  redeploy: { word: 'Redeploy', says: 'The earlier commit is deployed once more.' },
  'roll-forward': { word: 'Roll forward', says: 'What is out cannot be taken back; a newer version replaces it.' },
} as const satisfies Record<RollBackHow, { word: string; says: string }>;
