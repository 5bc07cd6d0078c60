/** The page: who talks to whom. */

import type { JSX } from 'preact';
import type { PassHistory, RecentEvents } from '../model/status-api.ts';
import { Announcer } from './announcer.tsx';
import { Clock } from './clock.tsx';
import { ConnectorSection } from './connector-section.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { EventList } from './event-list.tsx';
import { Facts } from './facts.tsx';
import { Headline } from './headline.tsx';
import { LostNotice } from './lost-notice.tsx';
import { NoticeList } from './notice-list.tsx';
import { PageHeader } from './page-header.tsx';
import { PassHistorySection } from './pass-history.tsx';
import { useDaemon } from './use-daemon.ts';
import { usePageMark } from './use-page-mark.ts';
import { useResource } from './use-resource.ts';
import { useView } from './use-view.ts';
import { judge } from './verdict.ts';

export function App(): JSX.Element {
  const { view, navigate } = useView();
  const daemon = useDaemon();
  const { status, link, heardAt, offsetMs, generation } = daemon;
  const passes = useResource<PassHistory>('api/passes', generation).data?.passes ?? [];
  const events = useResource<RecentEvents>('api/recent', generation).data?.events ?? [];
  const verdict = status === null ? null : judge(status);
  usePageMark(verdict, link);

  return (
    <Clock offsetMs={offsetMs}>
      <div class={link === 'lost' ? 'page is-old' : 'page'}>
        <Announcer link={link} verdict={verdict} />
        <PageHeader status={status} link={link} />
        <main>
          {link === 'lost' && <LostNotice heardAt={heardAt === null ? null : heardAt + offsetMs} />}
          {status !== null && verdict !== null && (
            <>
              <Headline verdict={verdict} status={status} navigate={navigate} />
              <NoticeList status={status} />
              <Facts status={status} />
            </>
          )}
          {status === null && link !== 'lost' && <p class="waiting">Asking the daemon …</p>}
          {status !== null && (
            <div class="columns">
              <ConnectorSection view={view} navigate={navigate} generation={generation} status={status} />
              <div class="side">
                <PassHistorySection passes={passes} />
                <section class="card" aria-labelledby="recent">
                  <h2 id="recent">Recent events</h2>
                  <EventList events={events} first={15} navigate={navigate} />
                </section>
              </div>
            </div>
          )}
        </main>
        {view.open !== null && <DetailPanel keyName={view.open} generation={generation} navigate={navigate} />}
      </div>
    </Clock>
  );
}
