import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import type { PublishedView } from '@/lib/deployments/model/published-view';

/** So many are said here; the page of the package has them all. */
const FIRST = 5;

function Warnings({ id, warnings }: { id: string; warnings: NonNullable<PublishedView['warnings']> }) {
  if (warnings.length === 0)
    return <span className="block text-xs text-ink-faint">Inspecting it found no warning.</span>;
  const more = warnings.length - FIRST;
  return (
    <ul aria-label="Warnings" className="mt-1 grid gap-0.5 text-warn">
      {warnings.slice(0, FIRST).map(({ code, sentence, path }) => (
        <li key={`${code} ${path}`} className="wrap-anywhere">
          {sentence}
          {path ? <Mono className="block text-xs text-ink-faint">{path}</Mono> : null}
        </li>
      ))}
      {more > 0 ? (
        <li>
          <Link href={`/extensions/packages/${id}`} className="underline underline-offset-3">
            {more} more {more === 1 ? 'warning' : 'warnings'}
          </Link>
        </li>
      ) : null}
    </ul>
  );
}

/** Which package goes out, with what was noticed in it; what differs from the version before is on its own page. */
export function PackageFact({ published }: { published: PublishedView }) {
  const { id, extension, version, platform, prerelease, kept, warnings } = published;
  const name = `${extension} ${version}`;
  const more = [prerelease ? 'pre-release' : null, platform === 'universal' ? null : platform].filter(Boolean);
  return (
    <>
      {kept ? (
        <Link
          href={`/extensions/packages/${id}`}
          className="wrap-anywhere underline decoration-line-strong underline-offset-3 hover:decoration-current"
        >
          {name}
        </Link>
      ) : (
        <span className="wrap-anywhere">{name}</span>
      )}
      {more.length > 0 ? <span className="text-ink-soft"> ({more.join(', ')})</span> : null}
      <Mono className="block wrap-anywhere text-xs text-ink-faint">sha256 {id}</Mono>
      {warnings ? (
        <Warnings id={id} warnings={warnings} />
      ) : (
        <span className="block text-xs text-ink-faint">It was removed here since.</span>
      )}
    </>
  );
}
