'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { type ThemeChoice, useThemeChoice } from './stored-choice';

const options: { value: ThemeChoice; label: string; icon: React.ReactNode }[] = [
  { value: 'system', label: 'System', icon: <Monitor aria-hidden /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden /> },
];

export function ThemeSwitch({ className }: { className?: string }) {
  const [choice, choose] = useThemeChoice();
  return (
    <SegmentedControl label="Theme" value={choice} onValueChange={choose} options={options} className={className} />
  );
}
