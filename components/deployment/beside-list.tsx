import type { Beside } from '@/lib/observability/model/verdict-beside';
import type { Written } from '@/lib/observability/model/verdict-view';

const link = 'underline underline-offset-3';

/** What alerts and new issues say beside the numbers. That nothing fires is said, and calms nobody. */
export function BesideList({ beside }: { beside: readonly Beside[] }) {
  return (
    <ul className="mt-2 grid gap-1.5">
      {beside.map(({ source, problem, alerts, issues, more }) => (
        <li key={source} className="wrap-anywhere">
          <span className="font-medium text-ink">By {source}:</span>{' '}
          {problem ?? (alerts.length + issues.length === 0 ? 'no alert fires, and no issue is new.' : null)}
          <ul className="list-disc ps-5">
            {alerts.map(({ name, state, since, severity }) => (
              <li key={`${name} ${since}`}>
                {name} {state === 'firing' ? 'fires' : 'is about to fire'}
                {since ? ` since ${since.slice(11, 16)} UTC` : ''}
                {severity ? ` (${severity})` : ''}.
              </li>
            ))}
            {issues.map(({ id, title, count, url }) => (
              <li key={id}>
                New:{' '}
                {url ? (
                  <a href={url} target="_blank" rel="noreferrer" className={link}>
                    {title}
                  </a>
                ) : (
                  title
                )}{' '}
                ({count} {count === 1 ? 'time' : 'times'}).
              </li>
            ))}
            {more > 0 ? <li>{more} more are not shown.</li> : null}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** Where it was written down that this deployment is live. */
export function WrittenList({ written }: { written: readonly Written[] }) {
  return (
    <ul className="mt-2 grid gap-1">
      {written.map(({ sentence, url }) => (
        <li key={sentence} className="wrap-anywhere">
          {sentence}{' '}
          {url ? (
            <a href={url} target="_blank" rel="noreferrer" className={link}>
              Look at it there
            </a>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
