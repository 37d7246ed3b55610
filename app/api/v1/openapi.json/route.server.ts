export { serveDocument as GET } from '@/lib/api/serve-document';
