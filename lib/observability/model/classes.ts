/** How a person may say that a deployment counts, where the rule got it wrong. */
export const CLASSES = ['failed_change', 'sound_change', 'rework', 'planned', 'left_out'] as const;
export type Class = (typeof CLASSES)[number];

/** The questions that those words answer; a deployment has at most one answer to each. */
export const AXES = ['failure', 'rework', 'count'] as const;
export type Axis = (typeof AXES)[number];

export const CLASS_WORDS = {
  failed_change: {
    axis: 'failure',
    label: 'Failed change',
    says: 'It needed somebody to step in, whatever the rule saw.',
  },
  sound_change: {
    axis: 'failure',
    label: 'Sound change',
    says: 'Nothing was wrong with it: what followed had another cause.',
  },
  rework: { axis: 'rework', label: 'Rework', says: 'It mended what the deployment before it had broken.' },
  planned: {
    axis: 'rework',
    label: 'Planned',
    says: 'It was planned work, though it looks like a hot fix or roll-back.',
  },
  left_out: { axis: 'count', label: 'Left out', says: 'A drill or a test: it counts nowhere.' },
} as const satisfies Record<Class, { axis: Axis; label: string; says: string }>;

/** Which questions a deployment has: only a change that reached users can fail, and only what went live can be rework. */
export function axesOf({ isChange, hasReached, wentLive }: Shape): Axis[] {
  return [
    ...(isChange && hasReached ? (['failure'] as const) : []),
    ...(wentLive ? (['rework'] as const) : []),
    'count' as const,
  ];
}

interface Shape {
  isChange: boolean;
  /** Users had it, also when it turned out wrong. */
  hasReached: boolean;
  wentLive: boolean;
}

/** Why a word would change no figure, for whoever says it all the same; null when it applies. */
export function whyNotWord(word: Class, shape: Shape): string | null {
  const { axis, label } = CLASS_WORDS[word];
  if (axesOf(shape).includes(axis)) return null;
  if (axis === 'rework') return `It never went live, so “${label}” would change nothing. Leave it as it is.`;
  return shape.isChange
    ? 'It never reached users, so it is no failed change and no sound one. Leave it as it is.'
    : `It is a roll-back: “${label}” is said of the change that it took back. Open that one.`;
}
