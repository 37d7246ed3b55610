export { NothingHere as default } from '@/components/console/nothing-here';
