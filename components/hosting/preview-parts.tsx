'use client';

import { ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { HostingView } from '@/lib/deployments/model/hosting';

interface PreviewPartsProps {
  preview: NonNullable<HostingView['preview']>;
  /** What the picture shows, for who cannot see it. */
  alt: string;
}

/** A build to look at: its host's picture of it, and where it is. Nothing where the host has neither. */
export function PreviewParts({ preview, alt }: PreviewPartsProps) {
  if (!preview.address && !preview.screenshot) return null;
  return (
    <div className="grid justify-items-start gap-1.5">
      {preview.screenshot ? <Picture deploymentId={preview.deploymentId} alt={alt} /> : null}
      {preview.address ? (
        <a
          href={preview.address}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 text-xs text-ink-soft hover:underline"
        >
          <ExternalLink aria-hidden className="size-3.5" />
          Look at this build
        </a>
      ) : null}
    </div>
  );
}

const AGAIN_MS = [3_000, 10_000, 60_000];

/** A picture that does not come leaves no hole, and is asked for again a few times: hosts pause, and take it late. */
function Picture({ deploymentId, alt }: { deploymentId: string; alt: string }) {
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<'asked' | 'here' | 'missing'>('asked');
  useEffect(() => {
    const wait = AGAIN_MS[tries];
    if (state !== 'missing' || wait === undefined) return;
    const timer = setTimeout(() => {
      setTries(tries + 1);
      setState('asked');
    }, wait);
    return () => clearTimeout(timer);
  }, [state, tries]);
  return (
    // biome-ignore lint/performance/noImgElement: it comes through our own server, once, and is not resized.
    <img
      key={tries}
      src={`/api/v1/deployments/${encodeURIComponent(deploymentId)}/screenshot`}
      alt={alt}
      loading={tries === 0 ? 'lazy' : 'eager'}
      width={320}
      height={200}
      hidden={state === 'missing' || (tries > 0 && state === 'asked')}
      className="aspect-8/5 w-full max-w-80 rounded-md border border-line object-cover object-top"
      onLoad={() => setState('here')}
      onError={() => setState('missing')}
    />
  );
}
