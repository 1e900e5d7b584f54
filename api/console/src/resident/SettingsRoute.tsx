/** The settings of a resident, fetched when somebody opens them: what the desk does not need does not slow it down. */

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed, Loading } from "../states";
import { t } from "../words";

type Page = ComponentType<{ id: string }>;

/** Fetched once. */
let fetched: Page | null = null;

export function SettingsRoute({ id }: { id: string }): JSX.Element {
  const [page, setPage] = useState<Page | null>(() => fetched);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (page) return;
    import("./settings/SettingsPage").then(
      (found) => {
        fetched = found.SettingsPage;
        setPage(() => found.SettingsPage);
      },
      () => setFailed(true),
    );
  }, []);
  if (page) {
    const Settings = page;
    return <Settings id={id} />;
  }
  return (
    <main class="page" id="content">
      {/* A platform that was renewed meanwhile has this page under another name: only a reload finds it. */}
      {failed ? (
        <Failed text={t("settings.away")} again={() => location.reload()} />
      ) : (
        <Loading text={t("person.loading")} />
      )}
    </main>
  );
}
