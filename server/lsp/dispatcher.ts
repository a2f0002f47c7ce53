import { ResponseError, type CancellationToken } from 'vscode-jsonrpc/node';
import { Failure } from '../base/failure.js';
import type { Log } from '../base/log.js';
import type { Call, CallNote, NotificationDefinition, RequestDefinition } from './feature.js';
import { errorCodes, type MessageId } from './messages.js';
import type { TraceBook, TraceEntry } from './traceBook.js';

export interface Dispatcher {
  addRequest(definition: RequestDefinition<unknown, unknown>): void;
  addNotification(definition: NotificationDefinition<unknown>): void;
  /** Never rejects: what it resolves to is the one answer. */
  request(id: MessageId, method: string, params: unknown, token: CancellationToken): Promise<unknown>;
  notification(method: string, params: unknown): void;
  /** Answers what is still under way: the session is over. */
  end(): void;
}

/** The one guard around every request and notification. */
export function createDispatcher(log: Log, trace: TraceBook, now: () => number): Dispatcher {
  const requests = new Map<string, RequestDefinition<unknown, unknown>>();
  const notifications = new Map<string, NotificationDefinition<unknown>[]>();
  const newest = new Map<string, Flight>();
  const underWay = new Set<Flight>();

  return {
    addRequest(definition) {
      if (requests.has(definition.method)) throw new Error(`${definition.method} is registered twice`);
      requests.set(definition.method, definition);
    },
    addNotification(definition) {
      const listeners = notifications.get(definition.method) ?? [];
      notifications.set(definition.method, [...listeners, definition]);
    },
    async request(id, method, params, token) {
      const definition = requests.get(method);
      if (definition === undefined) return new ResponseError(errorCodes.methodNotFound, `${method} is not supported.`);
      let read: unknown;
      try {
        read = definition.read(params);
      } catch (error) {
        const why = error instanceof Failure ? error.message : 'unreadable parameters';
        return new ResponseError(errorCodes.invalidParams, `${method}: ${why}`);
      }
      return fly(id, definition, read, token);
    },
    end() {
      for (const flight of underWay)
        flight.end('cancelled', new ResponseError(errorCodes.requestCancelled, 'The session is over.'));
    },
    notification(method, params) {
      for (const definition of notifications.get(method) ?? []) {
        try {
          definition.handle(definition.read(params));
        } catch (error) {
          if (error instanceof Failure) log.warn(`${method}: ${error.message}`);
          else log.error(`${method} failed.`, error);
        }
      }
    },
  };

  function fly(
    id: MessageId,
    definition: RequestDefinition<unknown, unknown>,
    params: unknown,
    token: CancellationToken,
  ): Promise<unknown> {
    const { method } = definition;
    const key = definition.supersedeKey === undefined ? null : `${method} ${definition.supersedeKey(params)}`;
    return new Promise(resolve => {
      const flight = createFlight((outcome, answer) => {
        if (key !== null && newest.get(key) === flight) newest.delete(key);
        underWay.delete(flight);
        cancelling.dispose();
        trace.add(entryOf(outcome));
        resolve(answer);
      });
      underWay.add(flight);
      const startedAt = now();
      const notes: CallNote[] = [];
      const entryOf = (outcome: TraceEntry['outcome']): TraceEntry => ({
        id,
        method,
        at: startedAt,
        ms: Math.round((now() - startedAt) * 1000) / 1000,
        outcome,
        steps: notes.flatMap(note => note.steps ?? []),
        source: notes.findLast(note => note.source !== undefined)?.source ?? null,
        origin: notes.findLast(note => note.origin !== undefined)?.origin ?? null,
        reason: reasonOf(outcome, notes),
      });
      const cancel = (): void =>
        flight.end('cancelled', new ResponseError(errorCodes.requestCancelled, 'Cancelled by the client.'));
      const cancelling = token.onCancellationRequested(cancel);
      if (key !== null) {
        newest.get(key)?.end('superseded', definition.empty);
        newest.set(key, flight);
      }
      if (token.isCancellationRequested) cancel();
      else void run(definition, params, flight, { signal: flight.signal, note: note => notes.push(note) });
    });
  }

  async function run(
    definition: RequestDefinition<unknown, unknown>,
    params: unknown,
    flight: Flight,
    call: Call,
  ): Promise<void> {
    try {
      flight.end('answered', await definition.handle(params, call));
    } catch (error) {
      // An abort is not an error: whoever aborted has answered already.
      if (call.signal.aborted) return;
      if (error instanceof Failure && definition.tellsFailures === true) {
        log.warn(`${definition.method}: ${error.message}`);
        const told = error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
        flight.end('failed', new ResponseError(errorCodes.requestFailed, told));
        return;
      }
      log.error(`${definition.method} failed.`, error);
      flight.end('failed', definition.empty);
    }
  }
}

interface Flight {
  readonly signal: AbortSignal;
  /** The first call decides; later ones do nothing. */
  end(outcome: TraceEntry['outcome'], answer: unknown): void;
}

function createFlight(settle: (outcome: TraceEntry['outcome'], answer: unknown) => void): Flight {
  const controller = new AbortController();
  let open = true;
  return {
    signal: controller.signal,
    end(outcome, answer) {
      if (!open) return;
      open = false;
      settle(outcome, answer);
      if (outcome !== 'answered') controller.abort();
    },
  };
}

function reasonOf(outcome: TraceEntry['outcome'], notes: readonly CallNote[]): TraceEntry['reason'] {
  if (outcome !== 'answered') return outcome === 'refused' ? null : outcome;
  return notes.findLast(note => note.reason !== undefined)?.reason ?? null;
}
