'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button';

interface CopyButtonProps {
  value: string;
  /** What is copied: "Copy commit id". */
  label: string;
  className?: string;
}

type State = 'idle' | 'copied' | 'refused';

const SAID = { idle: '', copied: 'Copied', refused: 'The browser refused; select the text and copy it.' } as const;

export function CopyButton({ value, label, className }: CopyButtonProps) {
  const [state, setState] = useState<State>('idle');

  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setState('copied');
    } catch {
      setState('refused');
    }
  }

  return (
    <>
      <IconButton
        label={SAID[state] || label}
        size="sm"
        onClick={copy}
        icon={state === 'copied' ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
        className={className}
      />
      <span role="status" className="sr-only">
        {SAID[state]}
      </span>
    </>
  );
}
