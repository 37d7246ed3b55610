import { publicAnswer } from '../public-answer';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => publicAnswer(request, 'feed');
