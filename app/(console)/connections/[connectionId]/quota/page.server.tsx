import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { QuotaScreen } from '@/components/quota/quota-screen';
import { quotaQuery } from '@/lib/connections/queries';
import { whyNot } from '../../../may';
import { readOrRefuse } from '../../../read-or-refuse';
import { budgetAction } from '../../actions';

export const metadata: Metadata = { title: 'Quota' };

export default async function QuotaPage({ params }: { params: Promise<{ connectionId: string }> }) {
  const { connectionId: id } = await params;
  const [read, disabledReason] = await Promise.all([
    readOrRefuse(quotaQuery, { id }, `/connections/${encodeURIComponent(id)}/quota`),
    whyNot('connection.manage'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return <QuotaScreen quota={read.value} setBudget={budgetAction} disabledReason={disabledReason} />;
}
