/** The alarms of the last 30 days under both settings: a picture for a glance, a list for the names and minutes. */

import type { JSX } from "preact";
import type { PlayedAlarm, Proposal } from "./records";
import { follow } from "../router";
import { Moment } from "../times";
import { dayMonth } from "../when";
import { lang, said, t } from "../words";
import { alarmName, isReal, marksOf, settingName, STRIP, wouldBe, type Mark } from "./proposal";

const RADIUS = 6;
const day = (time: string | undefined): string => (time ? dayMonth(time, lang.value) : "");

export function PlayedAlarms({ alarms }: { alarms: PlayedAlarm[] }): JSX.Element {
  return (
    <details class="played">
      <summary>{t("proposal.list", { n: alarms.length })}</summary>
      <ul class="played-list">
        {[...alarms].reverse().map((alarm) => (
          <Row key={alarm.alert} alarm={alarm} />
        ))}
      </ul>
    </details>
  );
}

function Row({ alarm }: { alarm: PlayedAlarm }): JSX.Element {
  return (
    <li class={`played-${alarm.would} ${isReal(alarm) ? "played-real" : ""}`}>
      <a href={`/alerts/${encodeURIComponent(alarm.alert)}`} onClick={follow}>
        <Moment at={alarm.raised_time} />
        <span class="chip">{said(`outcome.${alarm.outcome}`, alarm.outcome)}</span>
        <span class="played-name">{alarmName(alarm)}</span>
        <span class="played-would">{wouldBe(alarm)}</span>
      </a>
    </li>
  );
}

/** Two rows: what rang, and what would have. Told by the list for who cannot see it. */
export function PlayedStrip({ proposal }: { proposal: Proposal }): JSX.Element {
  const marks = marksOf(proposal);
  return (
    <div class="played-strip" aria-hidden="true">
      <div class="played-names">
        <span>{settingName(proposal.before)}</span>
        <span>{settingName(proposal.after)}</span>
      </div>
      <svg viewBox={`0 0 ${STRIP.width} ${STRIP.height}`} preserveAspectRatio="xMidYMid meet">
        {STRIP.rows.map((y) => (
          <line key={y} class="played-line" x1={0} x2={STRIP.width} y1={y} y2={y} />
        ))}
        {marks.map((mark) => (
          <g key={mark.x}>
            <Spot mark={mark} y={STRIP.rows[0]} gone={false} />
            <Spot mark={mark} y={STRIP.rows[1]} gone={mark.away} />
          </g>
        ))}
      </svg>
      <p class="played-ends muted figures">
        <span>{day(proposal.preview?.start)}</span>
        <span>{day(proposal.preview?.end)}</span>
      </p>
      <p class="played-key muted">
        <span class="key-false">{t("outcome.false_alarm")}</span>
        {marks.some((mark) => mark.real) && <span class="key-real">{t("proposal.key.real")}</span>}
        {marks.some((mark) => mark.away) && <span class="key-away">{t("proposal.would.stay_away")}</span>}
      </p>
    </div>
  );
}

function Spot({ mark, y, gone }: { mark: Mark; y: number; gone: boolean }): JSX.Element {
  const kind = `${mark.real ? "played-spot-real" : "played-spot"} ${gone ? "played-spot-away" : ""}`;
  if (!mark.real) return <circle class={kind} cx={mark.x} cy={y} r={RADIUS} />;
  const far = RADIUS + 2;
  return <path class={kind} d={`M${mark.x} ${y - far}l${far} ${far}l${-far} ${far}l${-far} ${-far}z`} />;
}
