'use client';

import { useEffect, useRef, useState } from 'react';
import { useVerb } from '@/components/deployment/use-verb';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AnswerGateInput } from '@/lib/gates/model/answer-gate';
import { type AheadNews, answersAhead, type GivenAhead, onceEachTime } from '@/lib/gates/model/given-ahead';
import { gateWords } from '@/lib/gates/model/held-by';
import type { GateAnswered, RemoteGateView } from '@/lib/gates/model/remote-gate';
import type { Action } from '@/lib/kernel/result';
import { AheadNotice } from './ahead-notice';

export type AnswerGate = Action<AnswerGateInput, GateAnswered>;

interface HeldProps {
  deploymentId: string;
  answer: AnswerGate;
  onDone: () => void;
  /** What this person has said yes to already, on this page. */
  ahead?: { given: GivenAhead | null; tell: (news: AheadNews) => void };
}

/** A run that its provider holds for people: since when, for whom, until when, and the two answers. Quiet otherwise. */
export function HeldPanel({ deploymentId, answer, onDone, ahead }: HeldProps) {
  const live = useLiveQuery<{ held: RemoteGateView | null }>({
    queryKey: ['deployment', deploymentId, 'gate'],
    path: `/api/v1/deployments/${encodeURIComponent(deploymentId)}/gate`,
  });
  const held = live.data?.held ?? null;
  const notice = ahead ? (
    <AheadNotice given={ahead.given} held={held} onWithdraw={() => ahead.tell({ kind: 'withdrawn' })} />
  ) : null;
  if (!held) return notice;
  const again = () => {
    void live.refetch();
    onDone();
  };
  return (
    <Panel
      title={`${held.providerLabel} waits for people`}
      description={
        <>
          Since <RelativeTime at={held.since} />
          {held.until ? (
            <>
              ; without an answer {held.providerLabel} fails the run <RelativeTime at={held.until} />
            </>
          ) : null}
          . It does not count as stuck.
        </>
      }
    >
      <div className="grid gap-3">
        {notice}
        <ul className="grid gap-1 text-sm">
          {held.gates.map((gate) => (
            <li key={gate.id} className="wrap-anywhere">
              <a href={gate.url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
                {gateWords(gate)}
              </a>
            </li>
          ))}
          {held.gates.length === 0 ? (
            <li>For whom is not shown to this connection’s credential. Open the run at {held.providerLabel}.</li>
          ) : null}
        </ul>
        {held.refusal ? (
          <CannotAnswer held={held} />
        ) : (
          <Answer {...{ deploymentId, answer, held }} {...(ahead ? { ahead } : {})} onDone={again} />
        )}
      </div>
    </Panel>
  );
}

function CannotAnswer({ held: { refusal } }: { held: RemoteGateView }) {
  const mend = refusal?.code.startsWith('own_token') ? (
    <ButtonLink href="/members#own-tokens" size="sm">
      Your tokens
    </ButtonLink>
  ) : null;
  return <Notice tone="neutral" title={refusal?.sentence} action={mend} />;
}

function Answer({ deploymentId, answer, held, onDone, ahead }: HeldProps & { held: RemoteGateView }) {
  const [comment, setComment] = useState('');
  const verb = useVerb(answer);
  const asked = held.gates.filter(({ reviewers }) => reviewers.length > 0);
  async function say(decision: AnswerGateInput['decision']) {
    const done = await verb.run({ deploymentId, gateIds: asked.map(({ id }) => id), decision, comment });
    // By hand or by itself: what was answered is said, and what is left waits for its own gate.
    if (done) ahead?.tell({ kind: 'answered', environments: done.environments });
    if (done) onDone();
    return done;
  }
  useWhen(answersAhead(held, ahead?.given ?? null), () => {
    ahead?.tell({ kind: 'sending' });
    void say('approved').then((done) => (done ? undefined : ahead?.tell({ kind: 'refused' })));
  });
  return (
    <div className="grid gap-3">
      <Field
        label="Comment"
        hint={`Stands at ${held.providerLabel} for everybody there to read.`}
        error={verb.fields.comment}
      >
        <Textarea rows={2} maxLength={500} value={comment} onChange={(event) => setComment(event.target.value)} />
      </Field>
      {verb.refusal ? <Notice tone="bad" live title={verb.refusal.sentence} /> : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          pending={verb.pending}
          disabledReason={held.notApproved?.sentence}
          onClick={() => void say('approved')}
        >
          Approve at {held.providerLabel}
        </Button>
        <Button variant="danger" pending={verb.pending} onClick={() => void say('rejected')}>
          Reject there
        </Button>
        <span className="text-xs text-ink-faint">as {held.own?.login}, with your own token</span>
      </div>
    </div>
  );
}

/** Sends while it is due and nothing is under way; what was said ahead knows itself that it was sent. */
function useWhen(due: boolean, send: () => void): void {
  const turns = useRef(onceEachTime());
  const now = useRef(send);
  now.current = send;
  useEffect(() => {
    if (turns.current(due)) now.current();
  }, [due]);
}
