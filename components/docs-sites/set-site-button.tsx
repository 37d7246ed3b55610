'use client';

import { useAction } from '@/components/console/use-action';
import { DiffLines } from '@/components/setup/diff-lines';
import { ConfirmButton } from '@/components/ui/confirm-button';
import type { SiteView } from '@/lib/docs-sites/model/site';
import type { SetSite } from './site-screen';

interface SetSiteProps {
  view: SiteView;
  setSite: SetSite;
  label: string;
}

/** Shows the settings as they are and as they would be, then changes them. */
export function SetSiteButton({ view, setSite, label }: SetSiteProps) {
  const { run } = useAction(setSite);
  const { settings, repository, word, component } = view;
  if (!settings || !repository) return null;
  return (
    <ConfirmButton
      size="sm"
      disabledReason={view.changeRefusal}
      confirm={{
        title: `Change ${word} of ${repository}?`,
        description: 'Visitors see what is built from then on. What stands on the branches is not touched.',
        confirmLabel: `Change ${word}`,
        children: <DiffLines text={diffOf(settings)} label="What would change" />,
      }}
      onConfirm={async () => {
        const { wanted, shown } = settings;
        const done = await run({ slug: component.slug, repository, wanted, shown });
        return done.ok ? null : done.refusal.sentence;
      }}
    >
      {label}
    </ConfirmButton>
  );
}

function diffOf({ now, next }: NonNullable<SiteView['settings']>): string {
  const gone = now.filter((line) => !next.includes(line)).map((line) => `- ${line}`);
  const same = now.filter((line) => next.includes(line)).map((line) => `  ${line}`);
  const made = next.filter((line) => !now.includes(line)).map((line) => `+ ${line}`);
  return [...same, ...gone, ...made].join('\n');
}
