import type { Metadata } from 'next';
import { ComposerScreen } from '@/components/composer/composer-screen';
import type { ChosenRevision } from '@/components/composer/revision';
import { Refused } from '@/components/console/refused';
import { RevisionInput } from '@/lib/deployments/model/schemas';
import { composerStartQuery } from '@/lib/deployments/queries';
import { triggerAction } from '../../deployments/actions';
import { liftPinAction } from '../../holds/actions';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Deploy' };

interface ComposerPageProps {
  params: Promise<{ targetId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const Linked = RevisionInput.partial({ refKind: true, sha: true });

/** `?ref=main&sha=…`: anything that is not a revision is left aside, and the default ref stands. */
function linkedRevision({ ref, refKind, sha }: Record<string, unknown>): ChosenRevision | null {
  const parsed = Linked.safeParse({ ref, ...(refKind ? { refKind } : {}), ...(sha ? { sha } : {}) });
  if (!parsed.success) return null;
  return { ref: parsed.data.ref, refKind: parsed.data.refKind ?? 'branch', sha: parsed.data.sha ?? null };
}

export default async function ComposerPage({ params, searchParams }: ComposerPageProps) {
  const { targetId } = await params;
  const [read, overrideRefusal] = await Promise.all([
    readOrRefuse(composerStartQuery, { targetId }, `/deploy/${targetId}`),
    whyNot('freeze.override'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return (
    <ComposerScreen
      key={targetId}
      initial={read.value}
      revision={linkedRevision(await searchParams)}
      trigger={triggerAction}
      liftPin={liftPinAction}
      overrideRefusal={overrideRefusal}
    />
  );
}
