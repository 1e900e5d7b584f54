/** Rooms by time: a lane each, a bar each time somebody was seen there, and a line from room to room as they walked. */

import type { JSX } from "preact";
import { t } from "../words";
import { ticksOf, wide, xOf, type Window } from "../usual/plan";
import type { AlertWay } from "./records";
import { homeClock, roomsSentence, roomWords } from "./say";
import { useWidth } from "../width";

const [LANE, BAR, FLAG, AXIS] = [26, 10, 20, 22];
const LEAST_BAR = 3;
const TICK_PX = 56;
const MOST_LANES = 9;

export function RoomsPicture({ way }: { way: AlertWay }): JSX.Element {
  const [box, width] = useWidth();
  return (
    <div ref={box} class="ground-box" data-testid="rooms-picture">
      {width > 0 && <Drawing way={way} width={width} />}
    </div>
  );
}

/** From when on: from a little before it began, or from an hour before it is known. */
function spanOf(way: AlertWay): [number, number] {
  const until = Date.parse(way.until);
  const first = Math.min(...way.visits.map((visit) => Date.parse(visit.start)), Date.parse(way.start));
  return [Math.max(first, until - SHOWN_MS, Math.min(Date.parse(way.start), until - HOUR_MS)), until];
}

const HOUR_MS = 3_600_000;
/** Longer than this, minutes are not seen any more. */
const SHOWN_MS = 3 * HOUR_MS;

function Drawing({ way, width }: { way: AlertWay; width: number }): JSX.Element {
  const [from, to] = spanOf(way);
  const visits = way.visits.filter((visit) => Date.parse(visit.end) >= from);
  const rooms = [...new Set(visits.map((visit) => visit.room))].slice(0, MOST_LANES);
  const gutter = Math.min(width * 0.34, Math.ceil(Math.max(0, ...rooms.map((room) => wide(roomWords(room))))) + 12);
  const window: Window = { from, to, until: to, rang: to, width: width - gutter - 4, offset: way.utc_offset_min * 60_000 };
  const top = FLAG + 4;
  const bottom = top + rooms.length * LANE;
  const y = (room: string): number => top + rooms.indexOf(room) * LANE + LANE / 2;
  const shown = visits.filter((visit) => rooms.includes(visit.room));
  const steps = shown.slice(1).map((visit, i) => ({ from: shown[i] as (typeof shown)[0], to: visit }));
  const mark = way.door ?? way.began;
  const markX = xOf(Date.parse(mark), window);
  const markWords = t(way.door ? "ground.door" : "ground.rooms.began", { at: homeClock(Date.parse(mark), way) });
  const before = markX + 6 + wide(markWords) > window.width;
  return (
    <svg role="img" aria-label={roomsSentence(way)} width={width} height={bottom + AXIS}>
      <g transform={`translate(${gutter} 0)`}>
        {ticksOf(window, TICK_PX).map(({ x, words }) => (
          <g key={x}>
            <line class="ground-grid" x1={x} x2={x} y1={top} y2={bottom} />
            <text x={x} y={bottom + 16} text-anchor={x < 18 ? "start" : x > window.width - 18 ? "end" : "middle"}>
              {words}
            </text>
          </g>
        ))}
        {rooms.map((room) => (
          <g key={room}>
            <text class="ground-strong" x={-gutter} y={y(room) + 4}>
              {roomWords(room)}
            </text>
            <line class="ground-grid" x1={0} x2={window.width} y1={y(room)} y2={y(room)} />
          </g>
        ))}
        {steps.map((step, i) => (
          <line key={i} class="ground-step" x1={xOf(Date.parse(step.from.end), window)} y1={y(step.from.room)} x2={xOf(Date.parse(step.to.start), window)} y2={y(step.to.room)} />
        ))}
        {shown.map((visit) => {
          const [left, right] = [xOf(Date.parse(visit.start), window), xOf(Date.parse(visit.end), window)];
          const size = Math.max(LEAST_BAR, right - left);
          return <rect key={visit.start + visit.room} class="ground-visit" x={Math.min(left, window.width - size)} width={size} y={y(visit.room) - BAR / 2} height={BAR} rx={2} />;
        })}
        <line class={way.door ? "ground-mark ground-mark-door" : "ground-mark"} x1={markX} x2={markX} y1={4} y2={bottom} />
        <text class="ground-name" x={markX + (before ? -6 : 6)} y={15} text-anchor={before ? "end" : "start"}>
          {markWords}
        </text>
      </g>
    </svg>
  );
}
