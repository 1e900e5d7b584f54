/** A part of a page that is fetched when it is first shown: what the desk does not need does not slow it down. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { reachable } from "./line";
import { Failed } from "./states";
import { t } from "./words";

/** A browser waits for minutes for a script on a line that died, and gives no way to ask again but a reload. */
const LONG_MS = 15_000;

/** `find` imports the component; asked once, however often it is shown. `waiting`: what stands there meanwhile. */
export function lazy<P extends object>(find: () => Promise<ComponentType<P>>, waiting: () => JSX.Element | null): ComponentType<P> {
  let fetched: ComponentType<P> | null = null;
  return function Later(props: P): JSX.Element | null {
    const [part, setPart] = useState<ComponentType<P> | null>(() => fetched);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (part || !reachable.value) return undefined; // on a dead line it would hold a connection, and could not be ended
      let wanted = true;
      const long = setTimeout(() => wanted && setFailed(true), LONG_MS);
      find().then(
        (found) => {
          fetched = found;
          if (wanted) setPart(() => found);
        },
        () => wanted && setFailed(true),
      );
      return () => {
        clearTimeout(long);
        wanted = false;
      };
    }, [reachable.value]);
    if (part) {
      const Part = part;
      return <Part {...props} />;
    }
    // A platform that was renewed meanwhile has this part under another name: only a reload finds it.
    return failed ? <Failed text={t("settings.away")} again={() => location.reload()} /> : waiting();
  };
}
