'use client';

import { useRouter } from 'next/navigation';
import { useAction } from '@/components/console/use-action';
import { ConfirmButton } from '@/components/ui/confirm-button';
import type { PackageDetail } from '@/lib/extensions/model/view';
import type { Action } from '@/lib/kernel/result';

export type MakeAgain = Action<{ packageId: string; version?: string | undefined }, { packageId: string }>;

interface AgainButtonProps {
  view: Pick<PackageDetail, 'id' | 'version' | 'nextVersion'>;
  again: MakeAgain;
  disabledReason: string | null;
}

/** The way back from a bad version: galleries give everybody the highest one, so the good one gets a higher number. */
export function AgainButton({ view, again, disabledReason }: AgainButtonProps) {
  const router = useRouter();
  const making = useAction(again);
  const { id, version, nextVersion } = view;
  if (nextVersion === null) return null;

  async function make(): Promise<string | null> {
    const answer = await making.run({ packageId: id, version: nextVersion ?? undefined });
    if (!answer.ok) return answer.refusal.sentence;
    router.push(`/extensions/packages/${answer.value.packageId}`);
    return null;
  }

  return (
    <ConfirmButton
      disabledReason={disabledReason}
      confirm={{
        title: `Make ${version} again as ${nextVersion}?`,
        description: `A new package with everything that is in ${version} and the number ${nextVersion}, so that whoever has a newer version goes back to it by an update. It is looked through and shown like any other; nothing is published yet.`,
        confirmLabel: `Make ${nextVersion}`,
      }}
      onConfirm={make}
    >
      Make it again as {nextVersion}…
    </ConfirmButton>
  );
}
