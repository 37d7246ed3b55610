import { Mono } from '@/components/ui/code';
import { bySort, type Need } from '@/lib/blueprints/model/blueprint';

/** What files take that cannot be written into them; what may be missing stands apart, with what happens then. */
export function NeedsList({ needs }: { needs: readonly Need[] }) {
  const { required, optional } = bySort(needs);
  return (
    <div className="grid gap-3 text-sm">
      {required.length > 0 ? <Rows needs={required} /> : null}
      {optional.length > 0 ? (
        <section aria-label="May be missing" className="grid gap-1.5">
          <p className="font-medium">These may be missing</p>
          <Rows needs={optional} />
        </section>
      ) : null}
    </div>
  );
}

function Rows({ needs }: { needs: readonly Need[] }) {
  return (
    <ul className="grid gap-1.5">
      {needs.map(({ name, kind, why, without }) => (
        <li key={name} className="wrap-anywhere">
          <Mono>{name}</Mono> <span className="text-ink-faint">({kind})</span> {why}
          {without === undefined ? null : <span className="text-ink-soft"> Without it: {without}</span>}
        </li>
      ))}
    </ul>
  );
}
