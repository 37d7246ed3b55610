import { parseStatusPage } from '@/lib/http/status-page';
import type { ServiceStatus } from '../port';
import { manifest } from './manifest';

const { page, parts } = manifest.capabilities.serviceStatus;

/** A page by Statuspage, version 2. */
export const parseServiceStatus = (text: string): ServiceStatus =>
  parseStatusPage(text, { label: 'Vercel', page, parts, hosts: [new URL(page).host] });
