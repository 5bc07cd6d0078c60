import type { Plan } from '../../model/change.ts';
import { countActions } from './plan-document.ts';

/** `1 to create, 2 blocked; 5 unchanged, 3 unmanaged`: what would be done first, then what is left as it is. */
export function summarisePlan(plan: Plan): string {
  const counts = countActions(plan);
  const outcomes = { unchanged: 0, reported: 0, skipped: 0 };
  for (const change of plan.changes) if (change.action === 'none') outcomes[change.outcome] += 1;
  const pending = [
    count(counts.create, 'to create'),
    count(counts.adopt, 'to adopt'),
    count(counts.update, 'to update'),
    count(counts.delete, 'to delete'),
    count(counts.blocked, 'blocked'),
    count(counts.held, 'held'),
  ].flat();
  const rest = [
    count(outcomes.unchanged, 'unchanged'),
    count(outcomes.reported, 'reported'),
    count(outcomes.skipped, 'left out'),
    count(plan.unmanaged, 'unmanaged'),
  ].flat();
  return [pending.length > 0 ? pending.join(', ') : 'nothing to change', rest.join(', ')]
    .filter((part) => part !== '')
    .join('; ');
}

function count(number: number, what: string): readonly string[] {
  return number > 0 ? [`${number} ${what}`] : [];
}
