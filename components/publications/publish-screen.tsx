'use client';

import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Checkbox } from '@/components/ui/choice';
import { ConfirmButton } from '@/components/ui/confirm-button';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Skeleton } from '@/components/ui/skeleton';
import type { Action } from '@/lib/kernel/result';
import { outcomeWords, publicOnes } from '@/lib/publications/model/press';
import type { PublishedTo, PublishInput } from '@/lib/publications/model/schemas';
import type { PublicationCell, PublishPlace, PublishPlan } from '@/lib/publications/model/view';
import type { MakeNamespace } from './namespace-notice';
import { NamespaceThere } from './namespace-there';
import type { OwnNamespaceActions, OwnNamespaceProps } from './own-namespace';
import { PublishGates } from './publish-gates';
import { type RecallActions, RecallButtons } from './recall-buttons';
import { PublicationBadge } from './state-badge';
import { usePublish } from './use-publish';

/** Most people never need it: it comes where they own no namespace. */
const OwnNamespace = later<OwnNamespaceProps>(
  () => import('./own-namespace').then((file) => file.OwnNamespace),
  <Skeleton className="h-7" />,
);

export interface PublishActions extends RecallActions, OwnNamespaceActions {
  publish: Action<PublishInput, { places: PublishedTo[] }>;
  makeNamespace: MakeNamespace;
}

interface PublishScreenProps {
  plan: PublishPlan;
  actions: PublishActions;
}

/** One package to the chosen places with one press; what one of them refuses stands beside the rest. */
export function PublishScreen({ plan, actions }: PublishScreenProps) {
  const { places } = plan;
  const { packageId, extension, version } = plan.package;
  const { chosen, choose, gates, blocked, publishing, done, press } = usePublish(plan, actions.publish);
  if (places.length === 0)
    return (
      <EmptyState title="No place publishes this extension">
        Add a target for {extension} with a gallery’s connection under What you deploy.
      </EmptyState>
    );
  return (
    <div className="grid gap-5 *:min-w-0">
      {plan.goesBackTo ? (
        <Notice tone="warn" title={`This is ${plan.goesBackTo.version} again, under a higher number`}>
          {backNames(places)}: publishing it there counts as a roll-back. The place is held, and nothing newer is
          published until somebody lifts that.
        </Notice>
      ) : null}
      <Panel title="Where to">
        <div className="grid gap-3">
          {places.map((place) => (
            <Place
              key={place.targetId}
              {...{ place, actions, packageId, extension, version }}
              checked={chosen.has(place.targetId)}
              onChange={(on) => choose(place.targetId, on)}
            />
          ))}
        </div>
      </Panel>
      <PublishGates {...gates} error={publishing.fields['freezeOverrideReason']} />
      <div className="flex flex-wrap items-center gap-3">
        <PublishButton {...{ plan, chosen, blocked, press }} pending={publishing.pending} />
        <ButtonLink href={`/extensions/packages/${packageId}`}>What is in it, and what changed</ButtonLink>
      </div>
      {publishing.refusal ? <Notice tone="bad" title={publishing.refusal.sentence} live /> : null}
      <Outcomes places={done} />
    </div>
  );
}

/** Only a place where the older one was live goes back; at the others it is a deployment like any. */
function backNames(places: readonly PublishPlace[]): string {
  return places.flatMap(({ goesBackTo, name }) => (goesBackTo ? [name] : [])).join(', ');
}

interface PublishButtonProps {
  plan: PublishPlan;
  chosen: ReadonlySet<string>;
  /** Why it cannot be pressed; null when it can. */
  blocked: string | null;
  pending: boolean;
  press: () => Promise<string | null>;
}

/** What goes to everybody is asked once more; the console's own gallery can be taken back. */
function PublishButton({ plan, chosen, blocked, pending, press }: PublishButtonProps) {
  const { extension, version } = plan.package;
  const label = `Publish to ${chosen.size} ${chosen.size === 1 ? 'place' : 'places'}`;
  const shared = { variant: 'primary', pending, disabledReason: blocked } as const;
  const open = publicOnes(plan.places, chosen);
  if (open.length === 0)
    return (
      <Button {...shared} onClick={() => void press()}>
        {label}
      </Button>
    );
  return (
    <ConfirmButton
      {...shared}
      confirm={{
        title: `Publish ${extension} ${version} to ${open.map(({ gallery }) => gallery).join(' and ')}?`,
        description: 'Everybody gets it there, and its number is never free again: a mistake takes a higher version.',
        confirmLabel: label,
      }}
      onConfirm={press}
    >
      {label}…
    </ConfirmButton>
  );
}

interface PlaceProps {
  place: PublishPlace;
  actions: PublishActions;
  packageId: string;
  extension: string;
  version: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}

function Place({ place, actions, packageId, extension, version, checked, onChange }: PlaceProps) {
  const asks = place.approvals > 0 ? ` ${place.approvals} people approve it first.` : '';
  return (
    <div className="grid gap-1.5">
      <Checkbox
        label={`${place.gallery} – ${place.name}`}
        hint={
          place.closed?.sentence ??
          `Takes ${place.channel === 'both' ? 'stable and pre-release' : place.channel} packages.${runWords(place)}${asks}`
        }
        checked={checked}
        disabled={place.closed !== null && !place.mayOverride}
        onChange={(event) => onChange(event.target.checked)}
      />
      {place.notice ? <p className="pl-6.5 text-xs text-warn">{place.notice}</p> : null}
      <NamespaceThere place={place} makeNamespace={actions.makeNamespace} />
      {place.ownNamespace ? <OwnNamespace own={place.ownNamespace} actions={actions} /> : null}
      {place.cell ? (
        <div className="flex flex-wrap items-center gap-2 pl-6.5">
          <PublicationBadge cell={place.cell} />
          <ButtonLink size="sm" href={`/deployments/${place.cell.deploymentId}`}>
            Its deployment
          </ButtonLink>
          <RecallButtons state={place.cell.state} {...{ place, actions, packageId, extension, version }} />
          <HowKnown cell={place.cell} />
          {place.cell.detail ? <p className="basis-full text-xs text-ink-soft">{place.cell.detail}</p> : null}
        </div>
      ) : null}
    </div>
  );
}

function runWords({ run, environment }: PublishPlace): string {
  if (!run) return '';
  const { workflow, environment: told } = run;
  if (told === null) return ` By ${workflow}, in ${environment.name} where it asks for an environment.`;
  return ` By ${workflow}, in “${told}” where it asks for an environment.`;
}

/** What the state rests on: bytes that were compared, or a gallery's word. */
function HowKnown({ cell }: { cell: PublicationCell }) {
  return (
    <p className="basis-full text-xs text-ink-faint">
      {cell.provenAt === null ? (
        'Its content was not compared yet.'
      ) : (
        <>
          Fetched and compared <RelativeTime at={cell.provenAt} />.
        </>
      )}
      {cell.lookedAt === null ? null : (
        <>
          {' '}
          The gallery was last asked <RelativeTime at={cell.lookedAt} />.
        </>
      )}
      {cell.deadlineAt === null || cell.overdue ? null : (
        <>
          {' '}
          Its time there ends <RelativeTime at={cell.deadlineAt} />.
        </>
      )}
    </p>
  );
}

function Outcomes({ places }: { places: readonly PublishedTo[] }) {
  return places.map((each) => {
    const { tone, title, words } = outcomeWords(each);
    return (
      <Notice key={each.targetId} tone={tone} title={title} live>
        {each.deploymentId === null ? (
          words
        ) : (
          <a href={`/deployments/${each.deploymentId}`} className="underline">
            {words}
          </a>
        )}
      </Notice>
    );
  });
}
