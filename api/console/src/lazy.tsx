/** A part of a page that is fetched when it is first shown: what the desk does not need does not slow it down. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed } from "./states";
import { t } from "./words";

/** `find` imports the component; asked once, however often it is shown. `waiting`: what stands there meanwhile. */
export function lazy<P extends object>(find: () => Promise<ComponentType<P>>, waiting: () => JSX.Element | null): ComponentType<P> {
  let fetched: ComponentType<P> | null = null;
  return function Later(props: P): JSX.Element | null {
    const [part, setPart] = useState<ComponentType<P> | null>(() => fetched);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (part) return undefined;
      let wanted = true;
      find().then(
        (found) => {
          fetched = found;
          if (wanted) setPart(() => found);
        },
        () => wanted && setFailed(true),
      );
      return () => {
        wanted = false;
      };
    }, []);
    if (part) {
      const Part = part;
      return <Part {...props} />;
    }
    // A platform that was renewed meanwhile has this part under another name: only a reload finds it.
    return failed ? <Failed text={t("settings.away")} again={() => location.reload()} /> : waiting();
  };
}
