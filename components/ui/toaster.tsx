'use client';

import { useEffect } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import { type Notification, speakWith } from './notify';
import { ToneIcon } from './tone';

function say({ tone, title, body, action, id }: Notification): void {
  toast(title, {
    id,
    description: body,
    icon: <ToneIcon tone={tone} className="size-4" />,
    duration: tone === 'bad' ? 12_000 : undefined,
    action: action ? { label: action.label, onClick: action.onPress } : undefined,
  });
}

/** The place where `notify` speaks; once in the shell. */
export function Toaster() {
  // Runs after the effect in which the list below begins to listen, so what waited is not lost.
  useEffect(() => speakWith(say), []);
  return (
    <Sonner
      position="bottom-right"
      visibleToasts={4}
      duration={6000}
      mobileOffset={{ bottom: '4.5rem', left: '0.75rem', right: '0.75rem' }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-2.5 rounded-lg border border-line-strong bg-overlay p-3 font-sans text-sm text-ink shadow-float sm:w-89',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'mt-0.5 text-ink-soft',
          icon: 'mt-0.5 flex',
          actionButton: 'shrink-0 rounded border border-line-strong px-2 py-0.5 text-xs font-medium hover:bg-raised',
        },
      }}
    />
  );
}
