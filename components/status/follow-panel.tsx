'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { buttonStyles } from '@/components/ui/button-styles';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import type { StatusLinks } from '@/lib/status/model/public';

const FollowForm = later(() => import('./follow-form').then((file) => file.FollowForm));

/** How to be told: two feeds, or a webhook of one's own. */
export function FollowPanel({ links }: { links: StatusLinks }) {
  const [open, setOpen] = useState(false);
  return (
    <Panel title="Follow" description="Incidents and maintenance, as they are written here.">
      <div className="flex flex-wrap gap-2">
        <a href={links.rss} className={buttonStyles()}>
          RSS
        </a>
        <a href={links.feed} className={buttonStyles()}>
          JSON Feed
        </a>
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          By webhook
        </Button>
      </div>
      {open ? <FollowForm links={links} /> : null}
    </Panel>
  );
}
