'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { askedSpan, filledWith, finestOf, withSpan } from '@/lib/observability/model/closer';
import type { HealthView } from '@/lib/observability/model/health-view';
import type { Span } from '@/lib/observability/model/series';
import { spanNamed } from '@/lib/observability/model/ticks';
import { closerQuery, healthKey } from './closer-query';

/** What there is to draw for a span. */
export interface Read {
  view: HealthView;
  /** For which `zoom` it was read; another one: it is what was there before. */
  span: Span | null;
  /** Keys of charts that could not be read anew. */
  old: readonly string[];
  reading: boolean;
}

interface CloserReaderProps {
  /** Of the whole, at the HTTP API. */
  path: string;
  zoom: Span | null;
  whole: HealthView;
  onZoom: (span: Span | null) => void;
  onRead: (read: Read | null) => void;
}

/** Who draws or presses on is not asked for each step between. */
const SETTLED_MS = 250;

/**
 * Reads the span that is looked at, once it has come to rest; what was asked before is called off. Until then, and where it
 * fails, there is what was read before. Draws nothing but that.
 */
export function CloserReader({ path, zoom, whole, onZoom, onRead }: CloserReaderProps) {
  const settled = useSettled(zoom);
  const client = useQueryClient();
  const answer = useQuery(closerQuery(path, zoom && settled));
  useAddress(path, settled, onZoom);
  const { data, error, isFetching } = answer;
  useEffect(() => {
    if (zoom === null) return onRead(null);
    const known = client.getQueriesData<HealthView>({ queryKey: healthKey(path) }).flatMap(([, view]) => view ?? []);
    const isAsked = settled === zoom;
    const others = isAsked ? known.filter((view) => view !== data) : known;
    // What could not be read then either is there in the whole.
    const before = filledWith(finestOf(others, zoom, whole), whole).view;
    if (isAsked && data) onRead({ ...filledWith(data, before), span: zoom, reading: false });
    else onRead({ view: before, span: null, old: [], reading: !isAsked || isFetching });
  }, [client, path, zoom, settled, data, isFetching, whole, onRead]);
  if (zoom === null || !error || settled !== zoom) return null;
  return (
    <Notice
      tone="warn"
      live
      title={`This time could not be read closer. ${sentenceOf(error)}`}
      action={
        <Button size="sm" pending={isFetching} onClick={() => void answer.refetch()}>
          Read again
        </Button>
      }
    >
      {data ? 'What you see was read before.' : 'What you see was read before, for a longer time.'}
    </Notice>
  );
}

/** The span once it has not changed for a moment; none, at once. */
function useSettled(span: Span | null): Span | null {
  const [settled, settle] = useState(span);
  useEffect(() => {
    const timer = setTimeout(() => settle(span), span === null ? 0 : SETTLED_MS);
    return () => clearTimeout(timer);
  }, [span]);
  return settled;
}

/** The address says what is looked at, so that it can be sent to somebody; who goes back or forward sees what was looked at then. */
function useAddress(path: string, span: Span | null, onZoom: (span: Span | null) => void) {
  const address = useSearchParams();
  const [from, to] = [address.get('from'), address.get('to')];
  const here = useRef(`${from} ${to}`);
  const seen = useRef(here.current);
  useEffect(() => {
    const said = `${from} ${to}`;
    // What was just written there comes back a moment later: only news is somebody's going back or forward.
    if (said === seen.current) return;
    seen.current = said;
    if (said === here.current) return;
    here.current = said;
    onZoom(spanNamed(from, to));
  }, [from, to, onZoom]);
  useEffect(() => {
    const page = new URL(withSpan(path.replace('/api/v1', ''), span && askedSpan(span)), window.location.origin);
    const said = `${page.searchParams.get('from')} ${page.searchParams.get('to')}`;
    if (said === here.current) return;
    here.current = said;
    window.history.pushState(null, '', page);
  }, [path, span]);
}
