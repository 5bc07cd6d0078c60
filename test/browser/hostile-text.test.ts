/** Whatever is written in a definition is text on the page; and the page works below any path. */

import { expect, test } from 'vitest';
import { eventually, expectSeen } from '../support/dashboard/expect-seen.ts';
import { useBrowser } from '../support/dashboard/open-page.ts';
import { connector, scene, told } from '../support/dashboard/scene.ts';
import { SCENES } from '../support/dashboard/scenes.ts';

const { show } = useBrowser();

const EVIL = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>"\'&{{7*7}}';

test('markup in a name, key, file, message, value, frame or event stays text', async () => {
  const evil = connector(EVIL, {
    file: `${EVIL}.yaml`,
    name: EVIL,
    state: 'drifted',
    message: EVIL,
    fields: [{ path: `/${EVIL}`, live: EVIL, desired: { [EVIL]: EVIL } }],
    problems: [
      {
        code: 'not_allowed',
        severity: 'error',
        file: EVIL,
        line: 1,
        column: 1,
        path: '',
        message: EVIL,
        hint: EVIL,
        frame: EVIL,
      },
    ],
    events: [told(0, 'warn', 'drift.detected', EVIL)],
  });
  const hostile = scene(
    [evil],
    { revision: EVIL, sourceDir: EVIL, baseUrl: EVIL, policy: EVIL },
    { events: [told(0, 'warn', 'drift.detected', EVIL, { key: EVIL, id: null, name: EVIL })] },
  );
  const { page, complaints, strayed } = await show(hostile);
  await page.getByRole('link', { name: EVIL, exact: true }).first().click();
  const panel = page.getByRole('dialog', { name: EVIL });
  await expectSeen(panel.getByRole('heading', { name: 'Last events' }));
  expect((await panel.innerText()).split('<script>').length).toBeGreaterThan(6);
  expect(await page.locator('img, body script, iframe').count()).toBe(0);
  await eventually(async () => page.title()).toBe('1 connector needs attention · databar-sync');
  expect(complaints).toEqual([]);
  expect(strayed).toEqual([]);
});

test('an endless word makes no phone scroll sideways', async () => {
  const long = 'x'.repeat(2_000);
  const wide = connector(long, {
    state: 'failing',
    message: long,
    fields: [{ path: `/${long}`, live: long, desired: long }],
  });
  const { page } = await show(
    scene([wide], { revision: long, sourceDir: `/${long}`, baseUrl: `https://${long}` }),
    '',
    {
      viewport: { width: 360, height: 740 },
    },
  );
  await page.locator('.row-link').click();
  await expectSeen(page.getByRole('dialog').getByRole('heading', { name: 'Differences' }));
  for (const part of ['document.documentElement', 'document.querySelector("dialog")']) {
    expect(await page.evaluate(`${part}.scrollWidth - ${part}.clientWidth`)).toBe(0);
  }
});

test('below the path of a proxy everything is found', async () => {
  const { page, server, complaints, strayed } = await show(SCENES.drifting, '', { prefix: '/ops/databar-sync/' });
  await page.getByRole('link', { name: 'Acme lead score' }).click();
  await expectSeen(page.getByRole('dialog', { name: 'Acme lead score' }));
  expect(page.url()).toBe(`${server.url}?key=lead-score`);
  expect(complaints).toEqual([]);
  expect(strayed).toEqual([]);
});
