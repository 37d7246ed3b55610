import { ToneBadge } from '@/components/ui/tone';
import type { PackageSummary } from '@/lib/extensions/model/view';

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** How the inspection ended, in words. Only what passed may be published. */
export function ScanBadge({ scan, warnings }: Pick<PackageSummary, 'scan' | 'warnings'>) {
  if (scan === 'passed')
    return warnings > 0 ? (
      <ToneBadge tone="warn" plain>
        Passed, {counted(warnings, 'warning')}
      </ToneBadge>
    ) : (
      <ToneBadge tone="good" plain>
        Passed
      </ToneBadge>
    );
  if (scan === 'refused')
    return (
      <ToneBadge tone="bad" plain>
        Refused
      </ToneBadge>
    );
  return (
    <ToneBadge tone={scan === 'pending' ? 'busy' : 'warn'} plain>
      {scan === 'pending' ? 'Being looked at' : 'Not looked through'}
    </ToneBadge>
  );
}
