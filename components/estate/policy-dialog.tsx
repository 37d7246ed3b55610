'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { sentenceOf } from '@/components/live/problem';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { PolicyView } from '@/lib/gates/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import type { EstateEnvironment } from '@/lib/targets/model/view';
import { EditFrame } from './edit-frame';
import type { EstateActions } from './estate-actions';
import { PolicyFields, policyFrom } from './policy-fields';

interface PolicyDialogProps {
  environment: EstateEnvironment;
  others: readonly EstateEnvironment[];
  save: EstateActions['setPolicy'];
  onClose: () => void;
}

interface FormProps extends PolicyDialogProps {
  /** What is on screen. */
  read: PolicyView;
  /** What is stored by now. */
  stored: PolicyView;
  onReload: () => void;
}

/** What stands there is of a newer version of the console: nobody sees what is replaced, so a reason is asked for. */
function Unreadable({ error }: { error: string | undefined }) {
  return (
    <>
      <Notice tone="warn" title="What is stored cannot be read by this version of the console">
        Until it can, nothing goes there. What you save here takes its place.
      </Notice>
      <Field label="Why it is replaced" required error={error} hint="Kept in the audit log.">
        <Input name="reason" maxLength={500} autoComplete="off" />
      </Field>
    </>
  );
}

function PolicyForm({ environment, others, save, onClose, read, stored, onReload }: FormProps) {
  const { run, pending, refusal, fields, clear } = useAction(save);
  const changed = stored.policyVersion !== read.policyVersion;

  async function submit(form: FormData) {
    const done = await run({
      environmentId: environment.id,
      policyVersion: read.policyVersion,
      policy: policyFrom(form),
      reason: String(form.get('reason') ?? ''),
    });
    if (!done.ok) return;
    notify({ tone: 'good', title: `Saved what a deployment to ${environment.name} needs` });
    onClose();
  }

  return (
    <EditFrame
      title={`What a deployment to ${environment.name} needs`}
      submit="Save"
      size="md"
      disabledReason={read.refusal}
      pending={pending}
      refusal={refusal}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-sm text-ink-soft">
        It holds for everything asked for from now on. Approvals that were given for the old rules do not count any
        more.
      </p>
      {changed ? (
        <Notice
          tone="warn"
          live
          title="Somebody else changed it meanwhile"
          action={
            <Button
              size="sm"
              onClick={() => {
                clear();
                onReload();
              }}
            >
              Show theirs
            </Button>
          }
        >
          What you typed is not saved and cannot be saved over it. Look at theirs, then change it again.
        </Notice>
      ) : null}
      {read.refusal ? <p className="text-sm text-ink-soft">{read.refusal}</p> : null}
      {read.unreadable ? <Unreadable error={fields['reason']} /> : null}
      <PolicyFields key={read.policyVersion} policy={read.policy} others={others} errors={fields} />
    </EditFrame>
  );
}

/** Reads what is stored now, then shows the form; a change by somebody else in between is said, not lost. */
export function PolicyDialog(props: PolicyDialogProps) {
  const { environment, onClose } = props;
  const client = useQueryClient();
  const queryKey = queryKeys.policy(environment.id);
  const live = useLiveQuery<PolicyView>({ queryKey, path: `/api/v1/environments/${environment.id}/policy` });
  const [read, setRead] = useState<PolicyView | null>(null);
  // The first answer of this opening is what the form shows; a cached one may be old.
  if (read === null && live.data && live.isFetchedAfterMount) setRead(live.data);
  if (read && live.data)
    return (
      <PolicyForm
        {...props}
        read={read}
        stored={live.data}
        onReload={() => void client.invalidateQueries({ queryKey }).then(() => setRead(null))}
      />
    );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={`What a deployment to ${environment.name} needs`}>
      {live.error ? (
        <Notice tone="bad" title={sentenceOf(live.error)} />
      ) : (
        <Loading label="Reading what is stored">
          <SkeletonText lines={8} />
        </Loading>
      )}
    </Dialog>
  );
}
