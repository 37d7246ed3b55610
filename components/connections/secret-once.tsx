'use client';

import { Button } from '@/components/ui/button';
import { Code } from '@/components/ui/code';

interface SecretOnceProps {
  /** "Webhook secret", "Invitation link". */
  label: string;
  value: string;
  onDone: () => void;
}

/** Shown once, kept nowhere: the person copies it now or makes another. */
export function SecretOnce({ label, value, onDone }: SecretOnceProps) {
  return (
    <div role="status" className="grid gap-2 rounded-md border border-accent/40 bg-accent-wash p-3 text-sm">
      <p className="font-medium">{label}: copy it now, it is shown only once</p>
      <Code label={label}>{value}</Code>
      <div>
        <Button size="sm" onClick={onDone}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
