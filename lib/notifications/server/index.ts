export { announceFreezes } from './announce-freezes';
export { deliverDue, pruneNotifications } from './deliver';
export { fanOut } from './fan-out';
export { listSubscriptions, readLedger } from './list';
export { publicUrl } from './public-url';
export { redeliver } from './redeliver';
export { removeSubscription } from './remove';
export { rewrapSubscriptions } from './rewrap';
export { notificationSettings, openAddress, openSecret, sealedColumns } from './seal';
export {
  enterForFollowers,
  isUnsubscribeToken,
  requireStrangersAddress,
  UNSUBSCRIBE_PATH,
  unsubscribeToken,
} from './status-receiver';
export { subscribe } from './subscribe';
export { switchSubscription } from './switch';
export { testSubscription } from './test-send';
export { updateSubscription } from './update';
