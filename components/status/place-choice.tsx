import { Checkbox } from '@/components/ui/choice';
import { FieldError } from '@/components/ui/field';
import type { StatusPlace } from '@/lib/status/model/view';
import { withLabel } from '@/lib/targets/model/label';

export function placeName({ component, environment, label }: Pick<StatusPlace, 'component' | 'environment' | 'label'>) {
  return `${withLabel(component, label)} in ${environment}`;
}

interface PlaceChoiceProps {
  places: readonly StatusPlace[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  error: string | undefined;
}

/** Which places it is about. One that is not public is not named outside, and stays for us. */
export function PlaceChoice({ places, chosen, onChange, error }: PlaceChoiceProps) {
  const [shown, hidden] = [places.filter(({ isPublic }) => isPublic), places.filter(({ isPublic }) => !isPublic)];
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">Where</legend>
      {places.length === 0 ? (
        <p className="text-xs text-ink-faint">There is no target yet. It can be told without one.</p>
      ) : (
        <div className="grid max-h-44 gap-2 overflow-y-auto rounded-md border border-line p-2">
          {shown.length > 0 ? <Places places={shown} chosen={chosen} onChange={onChange} /> : null}
          {hidden.length > 0 ? (
            <fieldset className="min-w-0">
              <legend className="mb-0.5 text-xs text-ink-faint">Not public, so not named outside</legend>
              <Places places={hidden} chosen={chosen} onChange={onChange} />
            </fieldset>
          ) : null}
        </div>
      )}
      {error ? <FieldError>{error}</FieldError> : null}
    </fieldset>
  );
}

function Places({ places, chosen, onChange }: Omit<PlaceChoiceProps, 'error'>) {
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id));
  return (
    <div className="grid gap-x-3 gap-y-0.5 sm:grid-cols-2 *:min-w-0">
      {places.map((place) => (
        <Checkbox
          key={place.targetId}
          label={placeName(place)}
          checked={chosen.includes(place.targetId)}
          onChange={(event) => toggle(place.targetId, event.target.checked)}
        />
      ))}
    </div>
  );
}
