import {
  Activity,
  AppWindow,
  Bell,
  Boxes,
  ChartLine,
  Grid3x3,
  Lock,
  Plug,
  Rocket,
  ScrollText,
  ThumbsUp,
  Users,
} from 'lucide-react';
import type { NavItem } from '@/components/shell/shell-types';

/** The console's places, most urgent first; the phone's bar shows the first four. */
export const NAV_ITEMS: readonly NavItem[] = [
  { href: '/now', label: 'Now', icon: <Activity aria-hidden />, key: 'n', group: 'Release' },
  {
    href: '/targets',
    label: 'What runs where',
    shortLabel: 'Where',
    icon: <Grid3x3 aria-hidden />,
    key: 'w',
    group: 'Release',
  },
  { href: '/deployments', label: 'Deployments', icon: <Rocket aria-hidden />, key: 'd', group: 'Release' },
  { href: '/holds', label: 'Holds', icon: <Lock aria-hidden />, key: 'h', group: 'Release' },
  { href: '/approvals', label: 'Approvals', icon: <ThumbsUp aria-hidden />, key: 'p', group: 'Release' },
  { href: '/rendering', label: 'Web rendering', icon: <AppWindow aria-hidden />, key: 'r', group: 'Release' },
  { href: '/health', label: 'Health', icon: <ChartLine aria-hidden />, key: 'l', group: 'Release' },
  { href: '/connections', label: 'Connections', icon: <Plug aria-hidden />, key: 'c', group: 'Set-up' },
  {
    href: '/estate',
    label: 'What you deploy',
    shortLabel: 'What',
    icon: <Boxes aria-hidden />,
    key: 'e',
    group: 'Set-up',
  },
  { href: '/subscriptions', label: 'Notifications', icon: <Bell aria-hidden />, key: 't', group: 'Set-up' },
  { href: '/members', label: 'Members', icon: <Users aria-hidden />, key: 'm', group: 'Set-up' },
  { href: '/audit', label: 'Audit', icon: <ScrollText aria-hidden />, key: 'a', group: 'Set-up' },
];
