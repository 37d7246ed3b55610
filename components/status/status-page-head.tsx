'use client';

import { CalendarClock, ExternalLink, Megaphone } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { buttonStyles } from '@/components/ui/button-styles';
import { later } from '@/components/ui/later';
import { PageHeader } from '@/components/ui/page-header';
import type { StatusPageView } from '@/lib/status/model/view';
import type { StatusActions } from './status-actions';

const IncidentDialog = later(() => import('./incident-dialog').then((file) => file.IncidentDialog));
const MaintenanceDialog = later(() => import('./maintenance-dialog').then((file) => file.MaintenanceDialog));

interface StatusPageHeadProps {
  page: StatusPageView;
  actions: Pick<StatusActions, 'open' | 'change' | 'plan' | 'changePlan'>;
}

/** What can be said to everybody from here. */
export function StatusPageHead({ page, actions }: StatusPageHeadProps) {
  const [dialog, setDialog] = useState<'incident' | 'maintenance' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <PageHeader
        title="Status page"
        description="What everybody reads at /status, without signing in: what is live, trouble, announced work, and uptime."
        actions={
          <>
            {/* A plain link on purpose: the public part is loaded anew, under a content policy of its own. */}
            <a href="/status" className={buttonStyles({ variant: 'quiet' })}>
              <ExternalLink aria-hidden />
              See it
            </a>
            <Button
              icon={<CalendarClock aria-hidden />}
              disabledReason={page.refusal}
              onClick={() => setDialog('maintenance')}
            >
              Plan maintenance
            </Button>
            <Button
              variant="primary"
              icon={<Megaphone aria-hidden />}
              disabledReason={page.refusal}
              onClick={() => setDialog('incident')}
            >
              Write an incident
            </Button>
          </>
        }
      />
      {dialog === 'incident' ? <IncidentDialog incident={null} page={page} actions={actions} onClose={close} /> : null}
      {dialog === 'maintenance' ? (
        <MaintenanceDialog maintenance={null} page={page} actions={actions} onClose={close} />
      ) : null}
    </>
  );
}
