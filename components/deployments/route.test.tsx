import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ApprovalHead } from '@/components/approval/approval-head';
import { confirmationOf } from '@/components/deployment/confirmations';
import { DeploymentHeader } from '@/components/deployment/deployment-header';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { NumberedRoute } from './deployment-row';
import { DeploymentTable } from './deployment-table';
import { TargetHeader } from './target-header';

const AT = '2026-11-27T10:00:00.000Z';
const words = (html: string) => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');

/** As much of one as its rows and its head read. */
const ofLabel = (label: string) =>
  ({
    ...{ id: 'dep_7', number: 7, kind: 'deploy', status: 'succeeded', attention: null, failure: null, label },
    component: { slug: 'extension', name: 'Extension' },
    environment: { slug: 'production', name: 'Production', isProduction: true },
    revision: { ref: 'main', refKind: 'branch', sha: 'a'.repeat(40), message: 'Mend it', author: 'Ada' },
    ...{ requestedBy: { id: null, name: 'Ada' }, requestedAt: AT, startedAt: AT, finishedAt: AT, current: null },
    ...{ provider: { label: 'Open VSX', runsAt: 'Open VSX' }, reason: '', isCurrent: false, remoteUrl: null },
  }) as unknown as DeploymentDetail;

test('a row says which of several targets there it is about, and never cuts that off on a narrow screen', () => {
  const row = (label: string) => renderToStaticMarkup(<NumberedRoute deployment={ofLabel(label)} />);
  expect(words(row('Open VSX'))).toBe('Extension → Production (Open VSX) #7');
  expect(words(row(''))).toBe('Extension → Production #7');
  expect(row('Open VSX')).not.toContain('truncate');
  const table = (of: 'any' | 'component') =>
    words(renderToStaticMarkup(<DeploymentTable caption="All" rows={[ofLabel('Open VSX')]} of={of} />));
  expect(table('any').match(/Extension → Production \(Open VSX\)/g)).toHaveLength(2);
  expect(table('component')).toMatch(/Succeeded ?Production \(Open VSX\)/);
});

test('so do the heads of its page, of its approval and of its target, and what is asked before it goes there again', () => {
  const deployment = ofLabel('Open VSX');
  const { component, environment, label } = deployment;
  const heading = (html: string) => words(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '');
  expect(heading(renderToStaticMarkup(<DeploymentHeader deployment={deployment} actions={null} />))).toBe(
    '#7 Extension → Production (Open VSX)',
  );
  const packet = { deployment: { ...deployment, ref: 'main', sha: 'a'.repeat(40), message: '', kind: 'deploy' } };
  const approval = renderToStaticMarkup(<ApprovalHead packet={packet as unknown as ApprovalPacket} />);
  expect(heading(approval)).toBe('Deploy Extension to Production (Open VSX)?');
  const target = { id: 'tgt_1', component, environment, label };
  const head = renderToStaticMarkup(<TargetHeader target={target} page="Deploy" current={null} />);
  expect(heading(head)).toBe('Deploy Extension to Production (Open VSX)');
  expect(confirmationOf('redeploy', deployment).title).toBe('Deploy aaaaaaa to Production (Open VSX) again?');
});
