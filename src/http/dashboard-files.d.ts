import type { DashboardFiles } from '../build/build-dashboard.ts';

/** Made by `npm run build`; see `imports` in package.json. */
export declare const dashboard: DashboardFiles;
