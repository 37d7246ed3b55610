'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

interface PasswordFieldProps extends Pick<ComponentProps<'input'>, 'value' | 'onChange' | 'autoFocus' | 'onBlur'> {
  label?: string;
  hint?: string;
  error?: string | null | undefined;
  autoComplete: 'current-password' | 'new-password';
}

/** A password that can be looked at before it is sent. */
export function PasswordField({ label = 'Password', hint, error, autoComplete, ...rest }: PasswordFieldProps) {
  const [visible, setVisible] = useState(false);
  const toggle = (
    <Button
      variant="quiet"
      size="sm"
      aria-pressed={visible}
      aria-label={visible ? 'Hide the password' : 'Show the password'}
      icon={visible ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      onClick={() => setVisible(!visible)}
      className="-my-1 -mr-2"
    >
      {visible ? 'Hide' : 'Show'}
    </Button>
  );
  return (
    <Field label={label} required hint={error ? undefined : hint} error={error} aside={toggle}>
      <Input
        {...rest}
        name="password"
        type={visible ? 'text' : 'password'}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        className="h-10"
      />
    </Field>
  );
}
