import { Mono } from '@/components/ui/code';
import type { RouteKind } from '@/lib/rendering/model/build-record';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';

const FIRST = 12;
const KIND: Readonly<Record<RouteKind, string>> = {
  static: 'a file',
  isr: 'a file made anew from time to time',
  dynamic: 'made for each request',
  handler: 'answered by a program',
};

/** Which addresses come, go, or are made otherwise. */
export function RoutesChange({ found: { routes, routesFrom } }: { found: PreflightView }) {
  if (!routes) return null;
  const { gained, lost, changed } = routes;
  return (
    <section aria-label="Routes" className="grid gap-1.5 text-sm">
      <h3 className="text-xs font-medium text-ink-soft">Routes</h3>
      <Paths word="Lost" paths={lost} />
      <Paths word="Gained" paths={gained} />
      {changed.slice(0, FIRST).map(({ path, from, to }) => (
        <p key={path} className="wrap-anywhere">
          <Mono>{path}</Mono>{' '}
          <span className="text-ink-soft">
            was {KIND[from]}, will be {KIND[to]}
          </span>
        </p>
      ))}
      <More count={changed.length - FIRST} />
      {gained.length + lost.length + changed.length === 0 ? (
        <p className="text-ink-soft">All stay as they are.</p>
      ) : null}
      <p className="text-xs text-ink-faint">
        {routesFrom?.kind === 'record'
          ? 'Those of now are from the record of the live build, those of then from the sources.'
          : 'Both are from the sources: what is live publishes no build record of its commit.'}
      </p>
    </section>
  );
}

function Paths({ word, paths }: { word: string; paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
      <span className="font-medium">{word}</span>
      {paths.slice(0, FIRST).map((path) => (
        <Mono key={path} className="wrap-anywhere">
          {path}
        </Mono>
      ))}
      <More count={paths.length - FIRST} />
    </p>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <span className="text-xs text-ink-faint">and {count} more</span> : null;
}
