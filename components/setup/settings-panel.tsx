import { SubmitButton } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { NativeSelect, Textarea } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import type { SetupView } from '@/lib/blueprints/model/setup';

const FROM: Readonly<Record<SetupView['settingsFrom'], string>> = {
  repository: 'As the repository keeps them.',
  person: 'As you changed them; they are kept once the files are written.',
  start: 'Nobody has chosen yet: this is where one begins.',
};

/** What the files are made from, sent as an address: the page then shows what they would change. */
export function SettingsPanel({ view }: { view: SetupView }) {
  const wrong = view.problem?.code === 'blueprint_settings' ? view.problem.sentence : null;
  return (
    <Panel title="Settings" description={FROM[view.settingsFrom]}>
      <form method="get" className="grid gap-3">
        {view.places.length > 1 ? (
          <Field label="Repository" required>
            <NativeSelect name="repository" defaultValue={view.place?.repository}>
              {view.places.map(({ repository, connectionName }) => (
                <option key={repository} value={repository}>
                  {repository} (by {connectionName})
                </option>
              ))}
            </NativeSelect>
          </Field>
        ) : (
          <input type="hidden" name="repository" value={view.place?.repository ?? ''} />
        )}
        <Field
          label="What the files are made from"
          hint="As JSON. Which settings there are is in the documentation, under Blueprints."
          error={wrong}
          required
        >
          <Textarea
            name="settings"
            rows={Math.min(24, Math.max(8, view.settings.split('\n').length))}
            maxLength={6_000}
            spellCheck={false}
            defaultValue={view.settings}
            className="font-mono text-xs"
          />
        </Field>
        <div>
          <SubmitButton variant="secondary">Show what changes</SubmitButton>
        </div>
      </form>
    </Panel>
  );
}
