/** The log: who looked at whom and who changed what, of all that one manages. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { get, type Refused } from "../http";
import { useLoaded } from "../load";
import { Empty, Failed, Loading } from "../states";
import { toast } from "../toasts";
import { t } from "../words";
import { Line } from "./lines";
import type { LogEntry } from "./records";

const PAGE = 100;

export function LogPage(): JSX.Element {
  const [account, setAccount] = useState("");
  const path = `/audit?limit=${PAGE}${account ? `&account=${encodeURIComponent(account)}` : ""}`;
  const loaded = useLoaded<{ entries: LogEntry[] }>(path);
  const [more, setMore] = useState<{ path: string; entries: LogEntry[]; end: boolean }>({ path, entries: [], end: false });
  const older = more.path === path ? more : { path, entries: [], end: false };
  const entries = [...(loaded.value?.entries ?? []), ...older.entries];
  const last = entries[entries.length - 1];
  const names = [...new Map(entries.map((one) => [one.account, one.name]))];
  const forbidden = loaded.error?.kind === "forbidden";
  const fetchMore = (): void => {
    if (!last) return;
    get<{ entries: LogEntry[] }>(`${path}&before=${last.id}`).then(
      (next) => setMore({ path, entries: [...older.entries, ...next.entries], end: next.entries.length < PAGE }),
      (error: Refused) => toast(t("log.failed.more", { message: error.message })),
    );
  };
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("log.title")}</h1>
        <label class="field log-who">
          {t("log.who")}
          <select value={account} onChange={(event) => setAccount(event.currentTarget.value)}>
            <option value="">{t("log.everybody")}</option>
            {account && !names.some(([name]) => name === account) && <option value={account}>{account}</option>}
            {names.map(([name, shown]) => (
              <option key={name} value={name}>
                {shown} ({name})
              </option>
            ))}
          </select>
        </label>
      </header>
      <p class="muted rights-about">{t("log.about")}</p>
      {!loaded.value && !loaded.error && <Loading text={t("rights.loading")} />}
      {!loaded.value && forbidden && <Empty>{t("log.forbidden")}</Empty>}
      {!loaded.value && loaded.error && !forbidden && <Failed text={t("log.failed")} again={loaded.again} />}
      {loaded.value && entries.length === 0 && <Empty>{t("log.empty")}</Empty>}
      {entries.length > 0 && (
        <section class="panel">
          <ul class="log" data-testid="log">
            {entries.map((entry) => (
              <Line key={entry.id} entry={entry} />
            ))}
          </ul>
          {entries.length >= PAGE && !older.end && (
            <button class="button" onClick={fetchMore}>
              {t("log.more")}
            </button>
          )}
        </section>
      )}
    </main>
  );
}
