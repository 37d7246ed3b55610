'use client';

import { Notice } from '@/components/ui/notice';
import { useHosting } from './use-hosting';

/** Said before the click: what is deployed now would be built and kept back by its host. */
export function HostingWarning({ targetId }: { targetId: string }) {
  const { data } = useHosting(targetId);
  if (!data?.held) return null;
  return (
    <Notice tone="warn" title={data.held}>
      What you deploy is built there and waits. Its page here has the button that puts it live.
    </Notice>
  );
}
