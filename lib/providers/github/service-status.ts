import { parseStatusPage } from '@/lib/http/status-page';
import type { ServiceStatus } from '../port';
import { manifest } from './manifest';

/** Its address, and the parts of GitHub that a release console stands on, as the page names them. */
const { page, parts } = manifest.capabilities.serviceStatus;

/** Documented at https://www.githubstatus.com/api */
export const parseServiceStatus = (text: string): ServiceStatus =>
  parseStatusPage(text, { label: 'GitHub', page, parts, hosts: [new URL(page).host] });
