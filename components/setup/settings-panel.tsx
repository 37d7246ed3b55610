'use client';

import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import type { SetupView } from '@/lib/blueprints/model/setup';

const SettingsForm = later(
  () => import('./settings-form').then((file) => file.SettingsForm),
  <Skeleton className="h-120 rounded-lg" />,
);

const FROM: Readonly<Record<SetupView['settingsFrom'], string>> = {
  repository: 'As the repository keeps them.',
  person: 'As you changed them; they are kept once the files are written.',
  start: 'Nobody has chosen yet: this is where one begins.',
};

/** What the files are made from, sent as an address: the page then shows what they would change. */
export function SettingsPanel({ view }: { view: SetupView }) {
  return (
    <Panel title="Settings" description={FROM[view.settingsFrom]}>
      <SettingsForm view={view} />
    </Panel>
  );
}
