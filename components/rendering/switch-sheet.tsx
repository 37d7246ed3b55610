'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
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
import type { SwitchInput } from '@/lib/rendering/model/schemas';
import { withLabel } from '@/lib/targets/model/label';
import { PreflightReport } from './preflight-report';
import type { Asked, SwitchMode } from './rendering-screen';
import { usePreflight } from './use-preflight';

interface SwitchSheetProps {
  asked: Asked;
  switchMode: SwitchMode;
  onClose: () => void;
}

/** What a switch would do, from the commit's own files; then the button that does it. */
export function SwitchSheet({ asked: { row, mode }, switchMode, onClose }: SwitchSheetProps) {
  const [ref, setRef] = useState<string | null>(null);
  const preflight = usePreflight({ targetId: row.targetId, mode, ref, live: row.live?.sha ?? null });
  const found = preflight.data && !preflight.isFetching ? preflight.data : null;
  const sending = useSwitch(switchMode, onClose);
  const { short, means } = MODE_WORDS[mode];
  const refusal = whyNot(row.refusal, found);
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
            onClick={() => found && void sending.send(found, ref)}
          >
            Switch to {short}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <RefField live={row.live?.ref ?? null} onLook={setRef} />
        {preflight.error ? <Notice live tone="bad" title={sentenceOf(preflight.error)} /> : null}
        {found ? <PreflightReport found={found} /> : null}
        {!found && !preflight.error ? (
          <Loading label="Reading the files of this commit">
            <SkeletonText lines={6} />
          </Loading>
        ) : null}
        {found && refusal ? <p className="text-sm text-ink-soft">{refusal}</p> : null}
        {sending.refusal ? <Notice live tone="bad" title={sending.refusal.sentence} /> : null}
      </div>
    </Sheet>
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

type Draft = Omit<SwitchInput, 'idempotencyKey'>;

function useSwitch(switchMode: SwitchMode, onDone: () => void) {
  const router = useRouter();
  const { run, pending, refusal } = useAction(switchMode);
  const [keys] = useState(() => intentKeys<Draft>(newId('key')));

  async function send(found: PreflightView, ref: string | null) {
    const draft: Draft = {
      targetId: found.target.id,
      mode: found.mode,
      preflight: found.digest,
      revision: ref === null ? null : found.revision,
    };
    const made = await run({ ...draft, idempotencyKey: keys.keyFor(draft) });
    if (!made.ok) return;
    keys.spent();
    router.push(`/deployments/${made.value.deploymentId}`);
    onDone();
  }
  return { send, pending, refusal };
}
