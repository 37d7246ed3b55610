import { Checkbox } from '@/components/ui/choice';
import { FieldError } from '@/components/ui/field';
import type { StatusPlace } from '@/lib/status/model/view';

export function placeName({ component, environment, label }: Pick<StatusPlace, 'component' | 'environment' | 'label'>) {
  return `${label ? `${component} (${label})` : component} in ${environment}`;
}

interface PlaceChoiceProps {
  places: readonly StatusPlace[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** Which places it is about. One that is not public is not named outside, and stays for us. */
export function PlaceChoice({ places, chosen, onChange, error }: PlaceChoiceProps) {
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id));
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">Where</legend>
      {places.length === 0 ? (
        <p className="text-xs text-ink-faint">There is no target yet. It can be told without one.</p>
      ) : (
        <div className="grid max-h-44 gap-0.5 overflow-y-auto rounded-md border border-line p-2 sm:grid-cols-2">
          {places.map((place) => (
            <Checkbox
              key={place.targetId}
              label={placeName(place)}
              {...(place.isPublic ? {} : { hint: 'Not public, so it is not named outside.' })}
              checked={chosen.includes(place.targetId)}
              onChange={(event) => toggle(place.targetId, event.target.checked)}
            />
          ))}
        </div>
      )}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}
