/** The quarantine: what could not be understood, how often for which reason, and the latest with their first bytes. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import { follow } from "../router";
import { readsDevices } from "../session";
import type { Quarantine, QuarantineEntry } from "../records";
import { Empty, Failed, Loading } from "../states";
import { Ago } from "../times";
import { t } from "../words";

const EVERY_MS = 10_000;
/** Enough bytes to recognise a magic or the begin of a text. */
const HEAD_BYTES = 16;

function Reasons({ counts }: { counts: Quarantine["by_reason"] }): JSX.Element {
  const most = Math.max(1, ...counts.map((one) => one.count));
  return (
    <ul class="reasons">
      {[...counts]
        .sort((a, b) => b.count - a.count)
        .map((one) => (
          <li key={one.reason}>
            <code>{one.reason}</code>
            <span class="reason-track">
              <span class="reason-bar" style={{ width: `${(100 * one.count) / most}%` }} />
            </span>
            <span class="figures">{one.count}</span>
          </li>
        ))}
    </ul>
  );
}

function head(entry: QuarantineEntry): string {
  const bytes = entry.head_hex.match(/../g) ?? [];
  return bytes.slice(0, HEAD_BYTES).join(" ") + (entry.size > HEAD_BYTES ? " …" : "");
}

function Entries({ entries }: { entries: QuarantineEntry[] }): JSX.Element {
  return (
    <ul class="entries">
      {entries.map((entry) => (
        <li key={entry.id}>
          <span class="entry-top">
            <code class="entry-reason">{entry.reason}</code>
            <span class="entry-topic">{entry.topic}</span>
            <Ago at={entry.at} />
          </span>
          <span>{entry.sentence}</span>
          <code class="entry-head">
            {t("quarantine.bytes", { n: entry.size })} · {head(entry)}
          </code>
          {readsDevices() && (
            <a class="entry-read" href={`/decode?quarantine=${entry.id}`} onClick={follow}>
              {t("quarantine.read")}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

export function QuarantinePage(): JSX.Element {
  const loaded = useLoaded<Quarantine>("/quarantine", 0, EVERY_MS);
  const kept = loaded.value;
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("quarantine.title")}</h1>
        {kept && <span class="muted figures">{t("quarantine.total", { n: kept.total })}</span>}
      </header>
      <p class="muted">{t("quarantine.about")}</p>
      {!kept && !loaded.error && <Loading text={t("quarantine.loading")} />}
      {!kept && loaded.error && <Failed text={t("quarantine.failed")} again={loaded.again} />}
      {kept && kept.total === 0 && <Empty>{t("quarantine.empty")}</Empty>}
      {kept && kept.total > 0 && (
        <div class="quarantine-grid">
          <section class="panel">
            <h2 class="label">{t("quarantine.byreason")}</h2>
            <Reasons counts={kept.by_reason} />
          </section>
          <section class="panel">
            <h2 class="label">{t("quarantine.latest")}</h2>
            <Entries entries={kept.entries} />
          </section>
        </div>
      )}
    </main>
  );
}
