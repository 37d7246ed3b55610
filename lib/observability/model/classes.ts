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
