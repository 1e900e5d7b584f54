/** Pages about accounts, fetched when somebody opens them: what the desk does not need does not slow it down. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed, Loading } from "../states";
import { t } from "../words";

type Pages = typeof import("./pages");

/** Fetched once. */
let fetched: Pages | null = null;

/** One of the pages. `inside`: it stands in a page that is there already. */
export function Later({ page, inside = false, resident = "" }: LaterProps): JSX.Element {
  const [pages, setPages] = useState<Pages | null>(() => fetched);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (pages) return;
    import("./pages").then(
      (found) => {
        fetched = found;
        setPages(found);
      },
      () => setFailed(true),
    );
  }, []);
  if (pages) {
    const Page = pages[page] as ComponentType<{ resident: string }>;
    return <Page resident={resident} />;
  }
  // A platform that was renewed meanwhile has this page under another name: only a reload finds it.
  const state = failed ? (
    <Failed text={t("settings.away")} again={() => location.reload()} />
  ) : (
    <Loading text={t("rights.loading")} />
  );
  return inside ? (
    state
  ) : (
    <main class="page" id="content">
      {state}
    </main>
  );
}

interface LaterProps {
  page: keyof Pages;
  inside?: boolean;
  resident?: string;
}
