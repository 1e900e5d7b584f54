/** One line of the log in words. */

import type { JSX } from "preact";
import { follow } from "../router";
import { Moment } from "../times";
import { said, t } from "../words";
import type { LogEntry } from "./records";

const actOf = (entry: LogEntry): string =>
  entry.look ? said(`log.look.${entry.act}`, entry.act) : said(`log.act.${entry.act}`, entry.act);

const outcomeOf = (entry: LogEntry): string =>
  typeof entry.data["outcome"] === "string" ? said(`outcome.${entry.data["outcome"]}`, entry.data["outcome"]) : "";

/** A look at a resident whose page this stands on. */
export function Look({ entry }: { entry: LogEntry }): JSX.Element {
  return (
    <li>
      <Moment at={entry.time} />
      <span>
        <b>{entry.name}</b> <span class="muted">{said(`log.at.${entry.act}`, entry.act)}</span>
      </span>
    </li>
  );
}

export function Line({ entry }: { entry: LogEntry }): JSX.Element {
  return (
    <li>
      <Moment at={entry.time} />
      <span>
        <b>{entry.name}</b> {actOf(entry)}
        {entry.resident && (
          <>
            {" "}
            <a href={`/residents/${encodeURIComponent(entry.resident)}`} onClick={follow}>
              {entry.resident_name ?? entry.resident}
            </a>
          </>
        )}
        {!entry.resident && entry.object && <span class="muted"> {entry.object}</span>}
        {outcomeOf(entry) && <span class="muted"> · {outcomeOf(entry)}</span>}
        {entry.refused && <span class="chip">{t("log.refused")}</span>}
      </span>
    </li>
  );
}
