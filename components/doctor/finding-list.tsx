'use client';

import { Notice } from '@/components/ui/notice';
import type { Tone } from '@/components/ui/tone';
import type { Finding, Severity } from '@/lib/doctor/model/view';
import { type DoctorActions, MendButton } from './mend-button';

const VIEW = {
  broken: { word: 'Broken', tone: 'bad' },
  warning: { word: 'Warning', tone: 'warn' },
  note: { word: 'Note', tone: 'neutral' },
} as const satisfies Record<Severity, { word: string; tone: Tone }>;

interface FindingListProps {
  findings: readonly Finding[];
  actions: DoctorActions;
  disabledReason: string | null;
}

/** Findings as they come, worst first, each with its mend. */
export function FindingList({ findings, actions, disabledReason }: FindingListProps) {
  return (
    <ul className="grid gap-2">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.mend.to} ${finding.sentence}`}>
          <Notice
            tone={VIEW[finding.severity].tone}
            title={VIEW[finding.severity].word}
            action={<MendButton mend={finding.mend} actions={actions} disabledReason={disabledReason} />}
          >
            {finding.sentence}
          </Notice>
        </li>
      ))}
    </ul>
  );
}
