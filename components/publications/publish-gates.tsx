import { ChecklistFields, OverrideField } from '@/components/gates/request-fields';
import { Panel } from '@/components/ui/panel';

interface PublishGatesProps {
  /** Of the checklists of all chosen places. */
  items: readonly string[];
  ticked: readonly string[];
  onTick: (ticked: string[]) => void;
  /** A freeze holds at a chosen place, and the person may let it through. */
  frozen: boolean;
  override: string;
  onOverride: (reason: string) => void;
  error: string | undefined;
}

/** What the chosen places want ticked, and the way through a freeze. Nothing where they want nothing. */
export function PublishGates({ items, ticked, onTick, frozen, override, onOverride, error }: PublishGatesProps) {
  if (items.length === 0 && !frozen) return null;
  return (
    <Panel title="Gates">
      <div className="grid gap-3">
        {items.length > 0 ? <ChecklistFields items={items} ticked={ticked} onChange={onTick} /> : null}
        {frozen ? <OverrideField value={override} onChange={onOverride} refusal={null} error={error} /> : null}
      </div>
    </Panel>
  );
}
