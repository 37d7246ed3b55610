import { PageHeader } from './page-header';
import { Loading, Skeleton, SkeletonRows } from './skeleton';

interface ListSkeletonProps {
  /** What is being loaded, for those who do not see the shapes. */
  label: string;
  title: string;
  description: string;
  rows: number;
  columns: number;
  /** Whether the panel has a head of its own. */
  headed?: boolean;
}

/** A page with its real head and one panel of lines before these are there. */
export function ListSkeleton({ label, title, description, rows, columns, headed = false }: ListSkeletonProps) {
  return (
    <Loading label={label}>
      <PageHeader title={title} description={description} />
      <div className="rounded-lg border border-line bg-surface">
        {headed ? (
          <div className="border-b border-line px-4 py-3.5">
            <Skeleton className="w-40" />
          </div>
        ) : null}
        <SkeletonRows rows={rows} columns={columns} />
      </div>
    </Loading>
  );
}
