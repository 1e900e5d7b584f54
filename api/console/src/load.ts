/** Something fetched for a component: its value, whether it is on its way, and how it failed. */

import { useEffect, useState } from "preact/hooks";
import { get, Refused } from "./http";
import { reachable } from "./line";
import { repeat } from "./poll";

export interface Loaded<T> {
  value: T | null;
  error: Refused | null;
  /** Fetches again; what is shown stays until the answer. */
  again: () => void;
}

/**
 * Fetches `path` (null: nothing) at once, when it changes and when `stale` changes; then every `everyMs`, if given
 * (not while the platform cannot be reached; then at once when it can). An answer to an older question is dropped.
 */
export function useLoaded<T>(path: string | null, stale: unknown = 0, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; value: T | null; error: Refused | null }>({
    path,
    value: null,
    error: null,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    let wanted = true;
    const load = async (): Promise<boolean> => {
      try {
        const value = await get<T>(path);
        if (wanted) setState({ path, value, error: null });
        return true;
      } catch (failed) {
        const error = failed as Refused;
        if (wanted) setState((was) => ({ path, value: was.path === path ? was.value : null, error }));
        return error.kind !== "unreachable";
      }
    };
    const end = repeat(load, everyMs, reachable);
    return () => {
      wanted = false;
      end();
    };
  }, [path, stale, everyMs, turn]);
  const mine = state.path === path;
  return { value: mine ? state.value : null, error: mine ? state.error : null, again: () => setTurn((n) => n + 1) };
}
