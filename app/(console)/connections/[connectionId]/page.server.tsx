import type { Metadata } from 'next';
import { ConnectionScreen } from '@/components/connections/connection-detail';
import { Refused } from '@/components/console/refused';
import { connectionQuery } from '@/lib/connections/queries';
import { serverEnv } from '@/lib/env/server';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';
import {
  endWebhookRotationAction,
  removeAction,
  setAuthoritiesAction,
  setCredentialAction,
  setWebhookSecretAction,
  updateAction,
  verifyAction,
} from '../actions';

export const metadata: Metadata = { title: 'Connection' };

const actions = {
  verify: verifyAction,
  update: updateAction,
  setCredential: setCredentialAction,
  setAuthorities: setAuthoritiesAction,
  setWebhookSecret: setWebhookSecretAction,
  endWebhookRotation: endWebhookRotationAction,
  remove: removeAction,
};

export default async function ConnectionPage({ params }: { params: Promise<{ connectionId: string }> }) {
  const { connectionId: id } = await params;
  const [read, disabledReason] = await Promise.all([
    readOrRefuse(connectionQuery, { id }, `/connections/${encodeURIComponent(id)}`),
    whyNot('connection.manage'),
  ]);
  if (!read.ok) return <Refused refusal={read.refusal} />;
  return (
    <ConnectionScreen
      key={id}
      initial={read.value}
      actions={actions}
      webhookUrl={`${serverEnv().NEXTAUTH_URL}${read.value.webhook.path}`}
      disabledReason={disabledReason}
    />
  );
}
