import type { ScopeView } from '@/lib/gates/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** "Everything", "Production", "Backend everywhere", "Backend in Production". */
export function scopeInWords({ environment, component, target }: ScopeView): string {
  const place = environment?.name ?? 'every environment';
  const what = component ? `${component.name} in ${place}` : environment ? `Everything in ${place}` : 'Everything';
  return withLabel(what, target?.label ?? '');
}
