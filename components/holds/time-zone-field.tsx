import { Field } from '@/components/ui/field';
import { NativeSelect } from '@/components/ui/input';

/** Zones by the part before the slash: "Europe" → Berlin, Paris, … */
function zonesByRegion(chosen: string): [string, string[]][] {
  const all = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen]);
  const regions = new Map<string, string[]>();
  for (const zone of [...all].sort()) {
    const region = zone.includes('/') ? (zone.split('/')[0] ?? '') : 'Other';
    regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  return [...regions];
}

interface TimeZoneFieldProps {
  value: string;
  onChange: (zone: string) => void;
  error?: string | undefined;
}

/** The clock by which a freeze begins and ends; it follows that zone's summer time. */
export function TimeZoneField({ value, onChange, error }: TimeZoneFieldProps) {
  return (
    <Field label="Time zone" required error={error}>
      <NativeSelect value={value} onChange={(event) => onChange(event.target.value)}>
        {zonesByRegion(value).map(([region, zones]) => (
          <optgroup key={region} label={region}>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll('_', ' ')}
              </option>
            ))}
          </optgroup>
        ))}
      </NativeSelect>
    </Field>
  );
}
