import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton } from '@/components/ui/skeleton';

const ROWS = ['a', 'b', 'c', 'd'];
const COLUMNS = ['a', 'b', 'c'];

export default function TargetsLoading() {
  return (
    <Loading label="Loading what runs where">
      <PageHeader title="What runs where" description="What each environment runs now, since when and by whom." />
      <div className="divide-y divide-line rounded-lg border border-line bg-surface">
        {ROWS.map((row) => (
          <div key={row} className="flex gap-6 px-3 py-3">
            {COLUMNS.map((column) => (
              <div key={column} className="grid flex-1 gap-1.5 max-sm:first:flex">
                <Skeleton className="w-28" />
                <Skeleton className="h-3 w-40 max-w-full" />
              </div>
            ))}
          </div>
        ))}
      </div>
    </Loading>
  );
}
