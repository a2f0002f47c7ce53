import type { Gate } from './gate.js';

/** A gate that is loaded at the first question: most of a day nothing is generated. */
export function lateGate(load: () => Promise<Gate>): Gate {
  let loading: Promise<Gate> | null = null;
  let loaded: Gate | null = null;
  const ready = (): Promise<Gate> => (loading ??= load().then(gate => (loaded = gate)));
  return {
    judge: async (...asked) => (await ready()).judge(...asked),
    examine: async (...asked) => (await ready()).examine(...asked),
    notices: () => loaded?.notices() ?? [],
    async dispose() {
      const gate = await loading?.catch(() => null);
      await gate?.dispose();
    },
  };
}
