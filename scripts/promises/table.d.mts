export const PROMISES: {
  id: string;
  says: string;
  target: string;
  experiments?: string[];
  tests?: string[];
  lacks?: string;
}[];
