import type { Plan } from '../../model/change.ts';
import { countActions } from './plan-document.ts';

/** `1 to create, 2 blocked; 5 unchanged, 3 unmanaged`: what would be done first, then what is left as it is. */
export function summarisePlan(plan: Plan): string {
  const counts = countActions(plan);
  const outcomes = { unchanged: 0, reported: 0, skipped: 0 };
  for (const change of plan.changes) if (change.action === 'none') outcomes[change.outcome] += 1;
  const pending = [
    count(counts.create, 'to create'),
    adoptions(plan),
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

/** Whether an adoption writes is what people want to know before they let it happen. */
function adoptions({ changes }: Plan): readonly string[] {
  const adopted = changes.filter(({ action }) => action === 'adopt');
  const changing = adopted.filter(({ fields }) => fields.length > 0).length;
  if (changing === 0) return count(adopted.length, adopted.length === 1 ? 'to adopt as it is' : 'to adopt as they are');
  return changing === adopted.length
    ? count(changing, 'to adopt and update')
    : [`${adopted.length} to adopt (${changing} of them to update)`];
}

function count(number: number, what: string): readonly string[] {
  return number > 0 ? [`${number} ${what}`] : [];
}
