import { browserUpload } from '@/lib/api/browser-upload';

export const POST = browserUpload;
