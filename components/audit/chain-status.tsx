'use client';

import { Download, ShieldCheck } from 'lucide-react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { buttonStyles } from '@/components/ui/button-styles';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Tone } from '@/components/ui/tone';
import type { AuditStatus, VerifyAnswer } from '@/lib/audit/model/verdict';
import type { Action } from '@/lib/kernel/result';

interface ChainStatusProps {
  status: AuditStatus;
  verify: Action<Record<string, never>, VerifyAnswer>;
  /** Why the person may not take the log away; null when they may. */
  whyNoExport: string | null;
  /** Addresses of the two files, with the filters of the page. */
  files: { csv: string; json: string };
}

const counted = (n: number) => n.toLocaleString('en');

function toneOf({ verified, trouble, lines }: AuditStatus): Tone {
  if (verified && !verified.intact) return 'bad';
  if (trouble || verified?.anchorLacks) return 'warn';
  return verified && lines > 0 ? 'good' : 'neutral';
}

/** How far the log is proved to be what was written, and the ways to prove it again or to take it away. */
export function ChainStatus({ status, verify, whyNoExport, files }: ChainStatusProps) {
  const { run, pending, refusal } = useAction(verify);
  return (
    <section aria-label="Proof of the log" className="grid gap-2">
      <Notice
        tone={toneOf(status)}
        title={<Verified status={status} />}
        action={
          <>
            <Button size="sm" icon={<ShieldCheck aria-hidden />} pending={pending} onClick={() => void run({})}>
              Verify
            </Button>
            <ExportButton format="CSV" href={files.csv} why={whyNoExport} />
            <ExportButton format="JSON" href={files.json} why={whyNoExport} />
          </>
        }
      >
        <Head status={status} />
      </Notice>
      {status.trouble ? (
        <Notice tone="bad" title={status.trouble.sentence}>
          Since <RelativeTime at={status.trouble.at} />. No newer head is kept until this is mended.
        </Notice>
      ) : null}
      {refusal ? <Notice tone="warn" live title={refusal.sentence} /> : null}
    </section>
  );
}

export function Verified({ status: { verified, lines } }: { status: Pick<AuditStatus, 'verified' | 'lines'> }) {
  if (!verified) return <>{counted(lines)} lines, each chained to the one before; not verified yet</>;
  const when = (
    <span className="font-normal text-ink-soft">
      {' '}
      · <RelativeTime at={verified.at} />, by {verified.by}
    </span>
  );
  if (verified.intact)
    return (
      <span aria-live="polite">
        {verified.anchorLacks === null && verified.anchorBegins === null
          ? `Verified up to line ${counted(verified.upTo)}`
          : verified.sentence}
        {when}
      </span>
    );
  return (
    <span aria-live="polite">
      Broken: {verified.sentence}
      {when}
    </span>
  );
}

function Head({ status: { head, anchor, unsigned, lines } }: { status: AuditStatus }) {
  if (lines === 0) return <>The first line will be signed within seconds.</>;
  if (!head) return <>No head is signed yet; the first is signed within seconds.</>;
  return (
    <>
      Head of line {counted(head.line)} signed <RelativeTime at={head.signedAt} />
      {head.anchored && anchor ? `, anchored in ${anchor}` : null}
      {unsigned > 0
        ? `; ${unsigned === 1 ? 'one newer line is' : `${counted(unsigned)} newer lines are`} signed within a minute`
        : null}
      .
      {anchor
        ? null
        : ' Heads are kept in the database only: set AETHERSTACK_AUDIT_ANCHOR to keep them outside it too.'}
    </>
  );
}

/** A plain link: the file comes from the server as it is read, and is never fetched ahead. */
function ExportButton({ format, href, why }: { format: string; href: string; why: string | null }) {
  if (why)
    return (
      <Button size="sm" icon={<Download aria-hidden />} disabledReason={why}>
        {format}
      </Button>
    );
  return (
    <a href={href} download className={buttonStyles({ size: 'sm' })} aria-label={`Export as ${format}`}>
      <Download aria-hidden />
      {format}
    </a>
  );
}
