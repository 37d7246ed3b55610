import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { PackageScreen } from '@/components/extensions/package-screen';
import { packageQuery } from '@/lib/extensions/queries';
import { whyNot } from '../../../may';
import { readOrRefuse } from '../../../read-or-refuse';
import { republishAction } from './actions';

export const metadata: Metadata = { title: 'Package' };

interface PackagePageProps {
  params: Promise<{ packageId: string }>;
  searchParams: Promise<{ against?: string | string[] }>;
}

/** `?against=<id>` compares with that package instead of the one that is live. */
export default async function PackagePage({ params, searchParams }: PackagePageProps) {
  const [{ packageId }, { against }] = await Promise.all([params, searchParams]);
  const wanted = typeof against === 'string' && /^[0-9a-f]{64}$/.test(against) ? { against } : {};
  const [read, refusal] = await Promise.all([
    readOrRefuse(packageQuery, { packageId, ...wanted }, `/extensions/packages/${packageId}`),
    whyNot('deployment.request'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return <PackageScreen view={read.value} again={republishAction} disabledReason={refusal} />;
}
