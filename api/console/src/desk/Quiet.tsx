/** Quiet has a face: since when, how many are watched, whether the platform itself is well, and everybody by name. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { fetched } from "../alerts";
import { isStale, reachable } from "../line";
import { useLoaded } from "../load";
import { overview, overviewFailed, refreshOverview } from "../overview";
import { repeat } from "../poll";
import { roomName } from "../reasons";
import type { Resident } from "../records";
import { LIST_EVERY_MS } from "../resident/Residents";
import { useWatches, WatchMark } from "../resident/WatchMark";
import { follow } from "../router";
import { WardLines } from "../shell/WardLine";
import { Failed, Loading } from "../states";
import { clockTime, moment } from "../when";
import { nowMs } from "../clock";
import { lang, t } from "../words";

/** Often enough that a watch that falls silent is seen here soon. */
const REFRESH_MS = 15_000;

/** A ring, filled by the share that is watched. */
function Ring({ share }: { share: number }): JSX.Element {
  const around = 2 * Math.PI * 54;
  return (
    <svg class="ring" viewBox="0 0 120 120" aria-hidden="true">
      <circle class="ring-track" cx="60" cy="60" r="54" />
      <circle class="ring-fill" cx="60" cy="60" r="54" stroke-dasharray={`${around * share} ${around}`} />
      <path class="ring-eye" d="M28 60c9-14 20-21 32-21s23 7 32 21c-9 14-20 21-32 21S37 74 28 60z" />
      <circle class="ring-pupil" cx="60" cy="60" r="9" />
    </svg>
  );
}

function Everyone(): JSX.Element | null {
  const people = useLoaded<{ residents: Resident[] }>("/residents", 0, LIST_EVERY_MS);
  const watches = useWatches();
  if (!people.value?.residents.length) return null;
  return (
    <ul class="everyone" aria-label={t("quiet.everyone")}>
      {people.value.residents.map((one) => (
        <li key={one.id}>
          <a href={`/residents/${encodeURIComponent(one.id)}`} onClick={follow}>
            <span>{one.name}</span>
            <span class="muted">{roomName(one.room ?? one.unit_name)}</span>
            <WatchMark watch={watches(one.id)} />
          </a>
        </li>
      ))}
    </ul>
  );
}

/** A screen that does not hear anything must not say that all is well. */
function Unknown(): JSX.Element {
  const time = fetched.value.at ? clockTime(fetched.value.at, lang.value) : "–";
  return (
    <div class="quiet" data-testid="not-known">
      <Ring share={0} />
      <h1>{t("quiet.unknown")}</h1>
      <p class="notice">{t("quiet.unknown.long", { time })}</p>
    </div>
  );
}

export function Quiet(): JSX.Element {
  useEffect(() => repeat(refreshOverview, REFRESH_MS, reachable), []);
  const seen = overview.value;
  if (isStale() || fetched.value.state === "failed") return <Unknown />;
  if (!seen)
    return overviewFailed.value ? <Failed text={t("status.failed")} /> : <Loading text={t("status.loading")} />;
  const missing = seen.residents - seen.watched;
  const bad = seen.stages.filter((stage) => !stage.ok).length;
  const since = seen.last_resolved && moment(Date.parse(seen.last_resolved), nowMs.value, lang.value);
  return (
    <div class="quiet" data-testid="quiet">
      <Ring share={seen.residents ? seen.watched / seen.residents : 0} />
      <h1>{t("quiet.title")}</h1>
      <p class="quiet-since">{since ? t("quiet.since", { time: since }) : t("quiet.fresh")}</p>
      <p class="figures quiet-watched">{t("quiet.watched", { watched: seen.watched, residents: seen.residents })}</p>
      {missing > 0 && (
        <p class="notice">{t(missing === 1 ? "quiet.unwatched.one" : "quiet.unwatched", { n: missing })}</p>
      )}
      <p class={bad ? "notice" : "muted"}>
        <a href="/status" class="plain" onClick={follow}>
          {t(bad ? "quiet.platform.bad" : "quiet.platform")}
        </a>
      </p>
      <WardLines />
      <Everyone />
    </div>
  );
}
