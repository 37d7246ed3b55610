'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { Notice } from '@/components/ui/notice';
import type { Action, ActionResult } from '@/lib/kernel/result';
import type { PublicationState } from '@/lib/publications/model/publication';
import type { RecallInput, UnpublishInput } from '@/lib/publications/model/schemas';
import type { PlaceView } from '@/lib/publications/model/view';

interface Recalled {
  outcome: 'done' | 'guided' | 'asked';
  steps: string[];
  sentence: string;
}

export interface RecallActions {
  recall: Action<RecallInput, Recalled>;
  unpublish: Action<UnpublishInput, Recalled>;
}

interface RecallButtonsProps {
  place: PlaceView;
  /** Where the version stands there. */
  state: PublicationState;
  actions: RecallActions;
  packageId: string;
  extension: string;
  version: string;
}

/** Takes back what the place lets anybody take back; for the rest it says how a person does it there. */
export function RecallButtons({ place, state, actions, packageId, extension, version }: RecallButtonsProps) {
  const recalling = useAction(actions.recall);
  const unpublishing = useAction(actions.unpublish);
  const [told, setTold] = useState<Recalled | null>(null);
  const { recall, targetId } = place;
  if (state === 'rejected' || state === 'unlisted' || !(place.mayPublish || place.unpublishing)) return null;

  const keep = (answer: ActionResult<Recalled>) => {
    if (!answer.ok) return answer.refusal.sentence;
    setTold(answer.value);
    return null;
  };
  const takeBack = async (reason: string) => keep(await recalling.run({ targetId, packageId, reason }));
  const unpublish = async (reason: string) =>
    keep(await unpublishing.run({ targetId, packageId, reason, typedName: extension }));

  return (
    <>
      {place.mayPublish ? (
        <ConfirmButton size="sm" confirm={versionWords(place, version)} onConfirm={({ reason }) => takeBack(reason)}>
          Take back
        </ConfirmButton>
      ) : null}
      {recall.extension === 'unpublish' ? (
        <ConfirmButton
          size="sm"
          variant="danger"
          confirm={extensionWords(place, extension)}
          onConfirm={({ reason }) => unpublish(reason)}
        >
          {unpublishWords(place.unpublishing)}
        </ConfirmButton>
      ) : null}
      <Waiting asked={place.unpublishing} />
      {told ? <Told told={told} /> : null}
    </>
  );
}

/** What somebody asked for, and who agreed so far. */
function Waiting({ asked }: { asked: PlaceView['unpublishing'] }) {
  if (asked === null) return null;
  const left = leftOf(asked);
  const agreed = asked.agreed.length === 0 ? '' : ` Agreed: ${asked.agreed.join(', ')}.`;
  const has = `${left} more ${left === 1 ? 'person' : 'people'} who may approve here ${left === 1 ? 'has' : 'have'} to agree`;
  return (
    <Notice tone="warn" title={`${asked.by} wants to take ${asked.extension} away there`} className="basis-full">
      {asked.reason}
      {agreed} {left > 0 ? has : 'It did not get through: whoever took part may send it once more,'} until{' '}
      <time dateTime={asked.endsAt}>{asked.endsAt.slice(0, 16).replace('T', ' ')} UTC</time>.
    </Notice>
  );
}

type Asked = NonNullable<PlaceView['unpublishing']>;

const leftOf = ({ needed, agreed }: Asked) => Math.max(0, needed - agreed.length);

function unpublishWords(asked: Asked | null): string {
  if (asked === null) return 'Unpublish all';
  return leftOf(asked) > 0 ? 'Agree to unpublish all' : 'Send the unpublishing once more';
}

function Told({ told }: { told: Recalled }) {
  return (
    <Notice tone={told.outcome === 'done' ? 'good' : 'warn'} title={told.sentence} live className="basis-full">
      {told.steps.length === 0 ? null : (
        <ol className="list-decimal pl-5">
          {told.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
    </Notice>
  );
}

function versionWords({ gallery, recall }: PlaceView, version: string) {
  const can = recall.version === 'unlist';
  return {
    title: `Take ${version} back from ${gallery}?`,
    description: can
      ? 'New installs and updates do not get it any more. Who has it installed keeps it.'
      : `${gallery} lets nobody do that from here: you are told how it is done there.`,
    confirmLabel: can ? 'Take it back' : 'Show me how',
    reason: { required: true },
  };
}

function extensionWords({ gallery }: PlaceView, extension: string) {
  return {
    title: `Take ${extension} away from ${gallery}?`,
    description:
      'Every version goes, with its reviews and counts. This cannot be undone. You are asked who you are once more; where publishing takes approvals, others have to agree first.',
    confirmLabel: 'Take the whole extension away',
    reason: { required: true },
    typedGuard: extension,
  };
}
