import { Field } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/input';
import type { HoldsView } from '@/lib/gates/model/view';

/** What a hold is about; '' = any. */
export interface ScopeDraft {
  environmentId: string;
  componentId: string;
  targetId: string;
}

export const EVERYTHING: ScopeDraft = { environmentId: '', componentId: '', targetId: '' };

type Scopes = HoldsView['scopes'];

/** The targets of a component in an environment. */
export function targetsOf(scopes: Scopes, { environmentId, componentId }: ScopeDraft): Scopes['targets'] {
  if (!environmentId || !componentId) return [];
  return scopes.targets.filter(
    (target) => target.environmentId === environmentId && target.componentId === componentId,
  );
}

/** "Backend in Production", in the words of what is chosen. */
export function draftInWords(scopes: Scopes, { environmentId, componentId }: ScopeDraft): string {
  const place = scopes.environments.find((each) => each.id === environmentId)?.name;
  const what = scopes.components.find((each) => each.id === componentId)?.name;
  if (what) return place ? `${what} in ${place}` : `${what} in every environment`;
  return place ? `everything in ${place}` : 'everything, everywhere';
}

interface ScopeFieldsProps {
  scopes: Scopes;
  value: ScopeDraft;
  onChange: (scope: ScopeDraft) => void;
  /** Offer single targets where a component has several in one environment. */
  targets?: boolean;
}

/** Where it holds: an environment, a component, one target, or everything. */
export function ScopeFields({ scopes, value, onChange, targets = false }: ScopeFieldsProps) {
  const several = targets ? targetsOf(scopes, value) : [];
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Environment" required>
        <NativeSelect
          value={value.environmentId}
          onChange={(event) => onChange({ ...value, environmentId: event.target.value, targetId: '' })}
        >
          <option value="">Every environment</option>
          {scopes.environments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field label="Component" required>
        <NativeSelect
          value={value.componentId}
          onChange={(event) => onChange({ ...value, componentId: event.target.value, targetId: '' })}
        >
          <option value="">Every component</option>
          {scopes.components.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {several.length > 1 ? (
        <Field label="Target" required className="sm:col-span-2">
          <NativeSelect
            value={value.targetId}
            onChange={(event) => onChange({ ...value, targetId: event.target.value })}
          >
            <option value="">All {several.length} of them</option>
            {several.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </NativeSelect>
        </Field>
      ) : null}
    </div>
  );
}
