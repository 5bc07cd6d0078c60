/** A client whose every request has a span. */

import type { RequestFault, Tracing } from '../model/tracing.ts';
import { ApiError } from './api-error.ts';
import type { DatabarClient } from './databar-client.ts';

const LIST = '/v1/connectors/';
const ONE = '/v1/connectors/{id}';

export function traceClient(client: DatabarClient, { request }: Tracing): DatabarClient {
  const span = async <T>(
    operation: string,
    method: string,
    place: { readonly route: string; readonly id?: number },
    run: () => Promise<T>,
  ): Promise<T> => request({ operation, method, route: place.route, id: place.id ?? null }, run, faultOf);

  return {
    list: async (options) => span('list', 'GET', { route: LIST }, async () => client.list(options)),
    create: async (config, options) =>
      span('create', 'POST', { route: LIST }, async () => client.create(config, options)),
    get: async (id, options) => span('get', 'GET', { route: ONE, id }, async () => client.get(id, options)),
    update: async (id, config, options) =>
      span('update', 'PUT', { route: ONE, id }, async () => client.update(id, config, options)),
    delete: async (id, options) => span('delete', 'DELETE', { route: ONE, id }, async () => client.delete(id, options)),
    whoAmI: async (options) => span('me', 'GET', { route: '/v1/user/me' }, async () => client.whoAmI(options)),
    close: async () => client.close(),
    destroy: async () => client.destroy(),
  };
}

function faultOf(error: unknown): RequestFault {
  if (error instanceof ApiError) return { status: error.status, kind: error.kind };
  return { status: null, kind: error instanceof Error ? error.name : 'error' };
}
