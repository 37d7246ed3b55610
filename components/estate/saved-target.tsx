import { Rocket } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button-link';
import { Notice } from '@/components/ui/notice';
import { withLabel } from '@/lib/targets/model/label';
import type { EstateTarget, TargetSaved } from '@/lib/targets/model/view';

/** What the list is told of a save, from its address. */
export interface JustSaved {
  id: string;
  /** Ids of those that were changed with it. */
  also: readonly string[];
  left: number;
}

/** The list of targets, with what was saved just now. */
export function savedPath(id: string, { alsoChanged, notChanged }: TargetSaved): string {
  const params = new URLSearchParams({ saved: id });
  for (const each of alsoChanged) params.append('also', each.id);
  if (notChanged > 0) params.set('left', String(notChanged));
  return `/estate?${params}`;
}

const nameOf = ({ component, environment, label }: EstateTarget) =>
  `${component.name} to ${withLabel(environment.name, label)}`;

export function SavedTarget({ targets, saved }: { targets: readonly EstateTarget[]; saved: JustSaved }) {
  const target = targets.find(({ id }) => id === saved.id);
  if (!target) return null;
  const also = targets.filter(({ id }) => saved.also.includes(id));
  const { component, environment, label } = target;
  return (
    <Notice
      tone="good"
      live
      title={`${component.name} can be deployed to ${withLabel(environment.name, label)}`}
      action={
        <ButtonLink href={`/deploy/${target.id}`} variant="primary" size="sm" icon={<Rocket aria-hidden />}>
          Deploy it now
        </ButtonLink>
      }
    >
      {also.length > 0 ? <p>The repository was renamed. Also changed: {also.map(nameOf).join(', ')}.</p> : null}
      {saved.left > 0 ? (
        <p>
          Targets that still name it by its former name: {saved.left}, in environments that you may not change. Have
          them changed too, or they count as another repository’s.
        </p>
      ) : null}
    </Notice>
  );
}
