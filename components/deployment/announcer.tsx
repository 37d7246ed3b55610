'use client';

import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { STATUS_VIEW } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** Says a change of status aloud once, keeps the tab's title in step; silent when the page opens. */
export function Announcer({
  deployment,
}: {
  deployment: Pick<DeploymentDetail, 'number' | 'status' | 'component' | 'environment' | 'label'>;
}) {
  const { number, status, component, environment } = deployment;
  const place = withLabel(environment.name, deployment.label);
  const before = useRef(status);
  const [said, setSaid] = useState('');
  const label = STATUS_VIEW[status].label;

  const title = `${label} · #${number} ${component.name} → ${place}`;
  // The router puts the page's own title back when it refreshes, also after the last render. A layout effect, so that
  // it ends before the next page's title is there.
  useLayoutEffect(() => {
    const keep = () => {
      if (document.title !== title) document.title = title;
    };
    keep();
    const observer = new MutationObserver(keep);
    observer.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }, [title]);

  useEffect(() => {
    if (before.current === status) return;
    before.current = status;
    setSaid(`Deployment ${number}: ${label}. ${STATUS_VIEW[status].says}`);
  }, [status, label, number]);

  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
