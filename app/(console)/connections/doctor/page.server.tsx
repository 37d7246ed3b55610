import type { Metadata } from 'next';
import { Refused } from '@/components/console/refused';
import { DoctorScreen } from '@/components/doctor/doctor-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { doctorQuery } from '@/lib/doctor/queries';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';
import { replayDeliveryAction, verifyAction } from '../actions';

export const metadata: Metadata = { title: 'Doctor' };

const actions = { check: verifyAction, replay: replayDeliveryAction };

export default async function DoctorPage() {
  const [read, disabledReason] = await Promise.all([
    readOrRefuse(doctorQuery, {}, '/connections/doctor'),
    whyNot('connection.check'),
  ]);
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Connections', href: '/connections' }, { label: 'Doctor' }]} />}
        title="Doctor"
        description="What is wrong with the connections, by what the console knows already, and how each is mended."
      />
      {read.ok ? (
        <DoctorScreen initial={read.value} actions={actions} disabledReason={disabledReason} />
      ) : (
        <Refused refusal={read.refusal} />
      )}
    </>
  );
}
