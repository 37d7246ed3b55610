'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ChosenGates } from '@/components/chosen/chosen-gates';
import { intentKeys } from '@/components/composer/intent';
import { useAction } from '@/components/console/use-action';
import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { Sheet } from '@/components/ui/sheet';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import { newId } from '@/lib/kernel/ids';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import { withLabel } from '@/lib/targets/model/label';
import { PreflightReport } from './preflight-report';
import type { Asked, SwitchMode } from './rendering-screen';
import { blockedSwitch, draftOf, useSwitchGates } from './switch-gates';
import { usePreflight } from './use-preflight';

interface SwitchSheetProps {
  asked: Asked;
  switchMode: SwitchMode;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
  onClose: () => void;
}

/** What a switch would do, from the commit's own files; the gates before it; then the button that does it. */
export function SwitchSheet({ asked: { row, mode }, switchMode, overrideRefusal, onClose }: SwitchSheetProps) {
  const [ref, setRef] = useState<string | null>(null);
  const preflight = usePreflight({ targetId: row.targetId, mode, ref, live: row.live?.sha ?? null });
  const found = preflight.data && !preflight.isFetching ? preflight.data : null;
  const gates = useSwitchGates(row.targetId, found);
  const sending = useSwitch(switchMode, onClose);
  const { short, means } = MODE_WORDS[mode];
  function look(next: string | null) {
    if (next !== ref) setRef(next);
    else void preflight.refetch();
  }
  const refusal = whyNot(row.refusal, found) ?? blockedSwitch(gates.chosen, gates);
  const asks = (gates.chosen?.policy.approvals ?? 0) > 0;
  return (
    <Sheet
      open
      onOpenChange={(next) => !next && onClose()}
      title={`${row.component.name} in ${withLabel(row.environment.name, row.label)}: to ${short}`}
      description={`${short} is ${means}. It is a deployment like any other; other environments stay as they are.`}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            pending={sending.pending}
            disabledReason={refusal}
            onClick={() => found && gates.chosen && void sending.send(draftOf(found, ref, gates.chosen, gates))}
          >
            {asks ? 'Ask to switch' : 'Switch'} to {short}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <RefField live={row.live?.ref ?? null} onLook={look} />
        {preflight.error ? <Notice live tone="bad" title={sentenceOf(preflight.error)} /> : null}
        {found ? <Looked {...{ found, gates, overrideRefusal, refusal }} fields={sending.fields} /> : null}
        {!found && !preflight.error ? (
          <Loading label="Reading the files of this commit">
            <SkeletonText lines={6} />
          </Loading>
        ) : null}
        {sending.refusal ? <Notice live tone="bad" title={sending.refusal.sentence} /> : null}
      </div>
    </Sheet>
  );
}

interface LookedProps {
  found: PreflightView;
  gates: ReturnType<typeof useSwitchGates>;
  fields: Record<string, string>;
  overrideRefusal: string | null;
  refusal: string | null;
}

/** What was found, the gates that it has to go through, and why the button is off. */
function Looked({ found, gates, fields, overrideRefusal, refusal }: LookedProps) {
  return (
    <>
      <PreflightReport found={found} />
      <ChosenGates state={{ ...gates, fields }} overrideRefusal={overrideRefusal} />
      {gates.error ? <Notice live tone="bad" title={sentenceOf(gates.error)} /> : null}
      {refusal ? <p className="text-sm text-ink-soft">{refusal}</p> : null}
    </>
  );
}

function whyNot(refusal: string | null, found: PreflightView | null): string | null {
  if (refusal) return refusal;
  if (!found) return 'What it would do is still being looked at.';
  const { length } = found.blockers;
  if (length === 0) return null;
  return `${length === 1 ? 'One thing stands' : `${length} things stand`} in the way. Mend ${length === 1 ? 'it' : 'them'} in the repository, or choose another commit.`;
}

/** Whose files are looked at, and what would be built. */
function RefField({ live, onLook }: { live: string | null; onLook: (ref: string | null) => void }) {
  const [text, setText] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    onLook(text.trim() || null);
  }

  return (
    <form onSubmit={submit} className="flex items-start gap-2">
      <Field
        label="Branch, tag or commit"
        hint={live ? `Empty: what is live, from ${live}.` : 'Empty: the newest.'}
        className="min-w-0 flex-1"
      >
        <Input value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" spellCheck={false} />
      </Field>
      <Button type="submit" className="mt-6.5">
        Look
      </Button>
    </form>
  );
}

type Draft = ReturnType<typeof draftOf>;

function useSwitch(switchMode: SwitchMode, onDone: () => void) {
  const router = useRouter();
  const { run, pending, refusal, fields } = useAction(switchMode);
  const [keys] = useState(() => intentKeys<Draft>(newId('key')));

  async function send(draft: Draft) {
    const made = await run({ ...draft, idempotencyKey: keys.keyFor(draft) });
    if (!made.ok) return;
    keys.spent();
    router.push(`/deployments/${made.value.deploymentId}`);
    onDone();
  }
  return { send, pending, refusal, fields };
}
