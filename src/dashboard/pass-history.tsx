/** The last passes: a chart, what the pass pointed at was like, and the same as a table. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatDuration } from './age.ts';
import type { Pass } from './chart-geometry.ts';
import { describeCounts } from './chart-geometry.ts';
import { Moment } from './moment.tsx';
import { PassChart, RESULTS } from './pass-chart.tsx';
import { formatCount } from './words.ts';

export function PassHistorySection({ passes }: { readonly passes: readonly Pass[] }): JSX.Element {
  const [pointed, setPointed] = useState<number | null>(null);
  const shown = passes.find(({ pass }) => pass === pointed) ?? passes[0];
  return (
    <section class="card" aria-labelledby="passes">
      <h2 id="passes">Passes</h2>
      {shown === undefined ? (
        <p class="muted">No pass is done yet.</p>
      ) : (
        <>
          <PassChart passes={passes} pointed={shown.pass} onPoint={setPointed} />
          <p class="pass-shown">
            <strong>Pass {formatCount(shown.pass)}</strong> {RESULTS[shown.result].word},{' '}
            <Moment at={shown.startedAt} />, took {formatDuration(shown.durationMs)}
            <br />
            <span class="muted">{describeCounts(shown.counts) ?? 'nothing changed'}</span>
          </p>
          <details>
            <summary>As a table</summary>
            <PassTable passes={passes} />
          </details>
        </>
      )}
    </section>
  );
}

function PassTable({ passes }: { readonly passes: readonly Pass[] }): JSX.Element {
  return (
    <table class="pass-table">
      <thead>
        <tr>
          <th scope="col">Pass</th>
          <th scope="col">Began</th>
          <th scope="col">Took</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {passes.map((pass) => (
          <tr key={pass.pass}>
            <td>{formatCount(pass.pass)}</td>
            <td>
              <Moment at={pass.startedAt} />
            </td>
            <td>{formatDuration(pass.durationMs)}</td>
            <td>
              {RESULTS[pass.result].word}
              {describeCounts(pass.counts) !== null && <span class="muted">: {describeCounts(pass.counts)}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
