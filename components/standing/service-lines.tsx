import { RelativeTime } from '@/components/ui/relative-time';
import type { ServiceStatusView } from '@/lib/connections/model/standing';

const link = 'underline underline-offset-3';

/** What the provider says is wrong with it, each with since when and where to read on. */
export function ServiceLines({ service }: { service: ServiceStatusView }) {
  return (
    <ul className="grid gap-1">
      {service.incidents.map(({ name, parts, since, url, latest }) => (
        <li key={`${name} ${since}`} className="wrap-anywhere">
          <a href={url ?? service.page} target="_blank" rel="noreferrer" className={link}>
            {name}
          </a>
          {parts.length > 0 ? ` (${parts.join(', ')})` : ''}, since <RelativeTime at={since} />
          {latest && latest !== name ? <span className="block text-xs text-ink-faint">{latest}</span> : null}
        </li>
      ))}
      {service.maintenance.map(({ name, parts, from, until, url, running }) => (
        <li key={`${name} ${from}`} className="wrap-anywhere">
          <a href={url ?? service.page} target="_blank" rel="noreferrer" className={link}>
            {name}
          </a>
          {parts.length > 0 ? ` (${parts.join(', ')})` : ''}, maintenance {running ? 'since' : 'from'}{' '}
          <RelativeTime at={from} />
          {until ? (
            <>
              {' '}
              until <RelativeTime at={until} />
            </>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
