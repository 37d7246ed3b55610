import { Badge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import { formatBytes } from '@/components/ui/size-format';
import type { ImageRow } from '@/lib/deployments/model/images';

/** Tags, digest and where it is live. */
export function ImageName({ row }: { row: ImageRow }) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <span className="min-w-0 break-all font-medium">{row.tags.join(', ') || row.version || 'without a tag'}</span>
      <span className="text-xs text-ink-faint">
        <Sha value={row.digest} />
      </span>
      {row.liveIn.map((name) => (
        <Badge key={name}>live in {name}</Badge>
      ))}
    </span>
  );
}

/** Age, size, platforms, and the commit it was built from; why it cannot be taken where that is so. */
export function ImageFacts({ row, sha }: { row: ImageRow; sha: string | undefined }) {
  const { revision } = row;
  return (
    <span className="flex min-w-0 flex-wrap gap-x-3 gap-y-0.5">
      <span>{row.createdAt ? <RelativeTime at={row.createdAt} /> : 'age not told'}</span>
      {row.sizeBytes === null ? null : <span>{formatBytes(row.sizeBytes)}</span>}
      <span>{row.platforms.join(', ') || 'no platform'}</span>
      {revision ? (
        <span className="min-w-0 break-words">
          from <Sha value={revision.sha} />
          {revision.sha === sha ? ', the chosen commit' : revision.message ? ` ${revision.message}` : null}
        </span>
      ) : (
        <span>commit not told</span>
      )}
      {row.attestations > 0 ? <span>attested</span> : null}
      {row.refusal ? <span className="basis-full text-warn">{row.refusal}</span> : null}
    </span>
  );
}
