export { liveEvents as GET } from '@/lib/api/events';
