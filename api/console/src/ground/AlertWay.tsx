/** The way of an alert of wandering: in words, as a picture, and room by room; fetched again while it lasts. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { useLoaded } from "../load";
import type { Alert } from "../records";
import { Failed, Loading } from "../states";
import { Ago } from "../times";
import { ago } from "../when";
import { addWords, lang, t } from "../words";
import { en } from "../words/ground.en";
import { zh } from "../words/ground.zh";
import type { AlertWay as Way } from "./records";
import { RoomsPicture } from "./RoomsPicture";
import { Said } from "./Said";
import { doorWords, lastRoom, leftOutWords, passedWords, sentence } from "./say";
import { WayPicture } from "./WayPicture";

addWords({ en, zh });

/** As often as a phone tells its place at best. */
const LASTING_MS = 10_000;

export function AlertWay({ alert }: { alert: Alert }): JSX.Element {
  const path = `/alerts/${encodeURIComponent(alert.id)}/way`;
  const lasts = alert.stage !== "recovered" && (alert.state === "raised" || alert.state === "claimed");
  const way = useLoaded<Way>(path, alert.version, lasts ? LASTING_MS : 0);
  return (
    <section class="ground" data-testid="alert-way">
      <h3>{t(lasts ? "ground.title" : "ground.title.over")}</h3>
      {way.value && <Body way={way.value} />}
      {!way.value && way.error && <Failed text={t("ground.failed")} again={way.again} />}
      {!way.value && !way.error && (
        <div class="ground-waiting">
          <Loading text={t("ground.loading")} />
        </div>
      )}
    </section>
  );
}

function Body({ way }: { way: Way }): JSX.Element {
  const { ground, last, points } = way;
  const door = doorWords(way.door, way.visits, way);
  if (!last && !way.visits.length && !door) return <p class="state state-empty">{t("ground.nothing")}</p>;
  const lately = lastRoom(way.visits);
  const left = leftOutWords(way.left_out);
  return (
    <>
      {last && ground && (
        <>
          <Said last={last} ground={ground} began={points[0] ?? null} lasts={way.lasts} more={[passedWords(way)]} />
          <WayPicture
            ground={ground}
            points={points}
            last={last}
            began={way.began}
            lasts={way.lasts}
            offset={way.utc_offset_min * 60_000}
            label={sentence(way, last, ground, ago(Date.parse(last.time), nowMs.value, lang.value))}
          />
          <Key way={way} />
          {left && <p class="fine">{left}</p>}
        </>
      )}
      {door && <p class="ground-headline">{door}</p>}
      {!last && !door && lately && (
        <p class="ground-headline">
          {lately.words} <small class="muted"><Ago at={lately.at} /></small>
        </p>
      )}
      {!last && <p class="muted">{t("ground.nopositions")}</p>}
      {(way.visits.length > 0 || door) && (
        <>
          <h4>{t("ground.rooms")}</h4>
          {way.visits.length ? <RoomsPicture way={way} /> : <p class="muted">{t("ground.rooms.none")}</p>}
          {way.visits.length > 0 && (way.by_beacon || way.shared) && (
            <p class="fine">{t(way.by_beacon ? "ground.rooms.beacon" : "ground.rooms.shared")}</p>
          )}
        </>
      )}
    </>
  );
}

/** What the lines mean; only those that are there. */
function Key({ way }: { way: Way }): JSX.Element {
  const { last, points } = way;
  const keys: [string, JSX.Element][] = [[t("ground.key.old"), <path class="ground-way" stroke-width="3" d="M1 8H11" stroke-opacity="0.3" />]];
  if (points.some((point) => point.passes > 1)) keys.push([t("ground.key.passed"), <path class="ground-way" stroke-width="7" d="M4 8H20" />]);
  if (points.some((point) => point.rides)) keys.push([t("ground.key.rode"), <path class="ground-way ground-rode" stroke-width="2.5" d="M0 8H24" />]);
  keys.push([t("ground.key.error"), <circle class="ground-error" cx={12} cy={8} r={6} />]);
  if (last && last.area !== null && way.lasts) keys.push([t("ground.key.area"), <circle class="ground-area" cx={12} cy={8} r={7} />]);
  return (
    <ul class="ground-key">
      {keys.map(([words, mark], i) => (
        <li key={words}>
          <svg width={24} height={16} aria-hidden="true">
            {mark}
            {i === 0 && <path class="ground-way" stroke-width="3" d="M12 8H23" />}
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
