/** Icons as strokes on a grid of 16 by 16. */

export const ICON_PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  alert: 'M8 2.2L14.3 13H1.7zM8 6.5v3M8 11.2v.2',
  barrier: 'M2.5 5.5h11v4h-11zM4.5 9.5v3.5M11.5 9.5v3.5M5 5.5l-1.5 4M8.7 5.5l-1.5 4M12.4 5.5l-1.5 4',
  unequal: 'M3 6h10M3 10h10M11 3L5 13',
  clock: 'M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 4.8v3.4l2.2 1.4',
  unlinked: 'M6.5 4.5l1-1a3 3 0 0 1 4.5 4l-1 1.2M9.5 11.5l-1 1a3 3 0 0 1-4.5-4l1-1.2M3 3l10 10',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  flask: 'M6.5 2.5h3M7 2.5v4l-3.8 6a.7.7 0 0 0 .6 1h8.4a.7.7 0 0 0 .6-1L9 6.5v-4M5 10.5h6',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4',
  sync: 'M13.2 6.2A5.6 5.6 0 0 0 3.4 5M2.8 9.8A5.6 5.6 0 0 0 12.6 11M3.2 2v3.2h3.2M12.8 14v-3.2H9.6',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.4 10.4l3.4 3.4',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4-4 4',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  info: 'M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 7.4v3.4M8 5.2v.2',
} as const;

export type IconName = keyof typeof ICON_PATHS;
