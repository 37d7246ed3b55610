import { Mono } from '@/components/ui/code';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { formatSpan } from '@/components/ui/time-format';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import type { Verdict } from '@/lib/observability/model/verdict';
import { VERDICT_WORDS } from '@/lib/observability/model/verdict-words';
import { withLabel } from '@/lib/targets/model/label';

const VERDICT_TONES: Record<Verdict, Tone> = { healthy: 'good', worse: 'bad', inconclusive: 'neutral' };

function Health({ verdict: said }: Pick<ApprovalPacket, 'verdict'>) {
  if (!said) return <span className="text-ink-faint">nothing is live</span>;
  const { verdict, closed, why } = said;
  return (
    <>
      <ToneBadge tone={verdict ? VERDICT_TONES[verdict] : 'neutral'} plain>
        {verdict ? `${VERDICT_WORDS[verdict]}${closed ? '' : ' so far'}` : 'Not judged'}
      </ToneBadge>
      <span className="block wrap-anywhere text-ink-soft">{why}</span>
    </>
  );
}

const DRIFT = {
  unknown: { tone: 'neutral', word: 'Not known' },
  as_deployed: { tone: 'good', word: 'None' },
  drifted: { tone: 'bad', word: 'Drifted' },
} as const;

function Drift({ health }: Pick<ApprovalPacket, 'health'>) {
  const { tone, word } = DRIFT[health.state];
  return (
    <>
      <ToneBadge tone={tone} plain>
        {word}
      </ToneBadge>
      <span className="block text-ink-soft">
        {health.sentence}
        {health.at ? (
          <span className="text-xs text-ink-faint">
            {' '}
            Looked <RelativeTime at={health.at} />.
          </span>
        ) : null}
      </span>
    </>
  );
}

/** How the target stands now, and the way back if this goes wrong. */
export function StandingPanel({ packet }: { packet: ApprovalPacket }) {
  const { health, verdict, live, rollBack, deployment } = packet;
  return (
    <Panel title={`${withLabel(deployment.environment.name, deployment.label)} now`}>
      <Facts
        items={[
          { name: 'Health', value: <Health verdict={verdict} /> },
          { name: 'Drift', value: <Drift health={health} /> },
          {
            name: 'Live',
            value: live ? (
              <>
                #{live.number} <Mono className="text-ink-faint">{live.sha.slice(0, 7)}</Mono>, since{' '}
                <RelativeTime at={live.since} />
              </>
            ) : (
              <span className="text-ink-faint">nothing yet</span>
            ),
          },
          {
            name: 'Way back',
            value: (
              <>
                {rollBack.sentence}
                {rollBack.usualMs !== null ? (
                  <span className="text-ink-faint"> Usually {formatSpan(rollBack.usualMs)}.</span>
                ) : null}
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}
