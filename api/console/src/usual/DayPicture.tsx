/** One picture of why it rang: who was seen where, how long it lasts now, how it is on other days, and the alert. */

import type { JSX } from "preact";
import type { Alert, AlertDay, Expected } from "../records";
import { useWidth } from "../width";
import { t } from "../words";
import {
  beside, codeOf, dotsOf, isSilence, lanesOf, lastedOf, lettered, livelyOf, marksOf, ticksOf, wide, windowOf, xOf,
  type Column, type Dot, type Lane, type Mark, type Window,
} from "./plan"; // prettier-ignore
import { inOneSentence, keysOf, lastsWords, longWords, markWords, roomWords } from "./say";

/** Heights, px. */
const [FLAG, LANE, STAY, NOW, OTHERS, AXIS, GAP] = [20, 20, 10, 26, 46, 20, 8];
/** Dots lie on each other up to this height; beyond it they close up. */
const HIGHEST = 92;
/** The least that can be seen of a stay. */
const LEAST_STAY = 3;
const DOT = 7;
/** Room for one hour's words on the axis. */
const TICK_PX = 50;
/** An hour's words do not fit nearer to the edge. */
const EDGE = 18;

export function DayPicture({ day, alert }: { day: AlertDay; alert: Alert }): JSX.Element {
  const [box, width] = useWidth();
  const { expected } = alert.evidence;
  const code = codeOf(alert);
  return (
    <figure>
      <div ref={box} class="usual-box">
        {width > 0 && <Drawing day={day} alert={alert} width={width} />}
      </div>
      <figcaption class="muted">
        {keysOf(code, expected, !day.rooms.length).map((words) => (
          <p key={words}>{words}</p>
        ))}
      </figcaption>
    </figure>
  );
}

function Drawing({ day, alert, width }: { day: AlertDay; alert: Alert; width: number }): JSX.Element {
  const code = codeOf(alert);
  const { expected } = alert.evidence;
  const lanes = lanesOf(day, code);
  const nights = code === "restless_night";
  const names = [t("usual.row.now"), t("usual.row.others"), t("usual.row.night"), ...lanes.map(({ room }) => roomWords(room))];
  const gutter = Math.ceil(Math.max(...names.map(wide))) + 10;
  const window = windowOf(day, width - gutter);
  const lasted = lastedOf(alert, window);
  const marks = marksOf(alert, window).filter(({ at }) => at >= window.from && at <= window.to);
  const columns = expected && isSilence(code) ? livelyOf(expected, window, lasted) : [];
  const dots = expected && !isSilence(code) && !nights ? dotsOf(expected, window, DOT) : [];
  const pile = Math.max(0, ...dots.map(({ level }) => level + 1)) * DOT;
  const compared = columns.length || dots.length ? Math.max(OTHERS, Math.min(HIGHEST, pile + 4)) : 0;
  const top = marks.length * FLAG;
  const now = top + lanes.length * LANE + GAP;
  const others = now + NOW + GAP;
  const axis = others + compared;
  const nightly = axis + AXIS + GAP;
  const height = nights && expected ? nightly + OTHERS : axis + AXIS;
  const [left, right] = lasted.map((at) => xOf(at, window)) as [number, number];
  return (
    <svg role="img" aria-label={inOneSentence(alert, lanes, window)} width={width} height={height}>
      <defs>
        <pattern id="usual-hatch" width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="usual-hatch" x1={0} x2={0} y1={0} y2={7} />
        </pattern>
      </defs>
      <g transform={`translate(${gutter} 0)`}>
        <Hours window={window} top={top} bottom={axis} />
        {lanes.length > 0 &&
          ["usual-gap", "usual-gap-hatch"].map((name) => (
            <rect key={name} class={name} x={left} width={Math.max(2, right - left)} y={top} height={now - top} />
          ))}
        {lanes.map((lane, i) => (
          <Stays key={lane.room} lane={lane} y={top + i * LANE} window={window} gutter={gutter} />
        ))}
        {compared > 0 && <Row name={t("usual.row.others")} y={axis - OTHERS / 2 + 6} gutter={gutter} />}
        <Columns columns={columns} bottom={axis} />
        <Dots dots={dots} bottom={axis} height={compared} />
        <line class="usual-base" x1={0} x2={window.width} y1={axis} y2={axis} />
        <Marks marks={marks} code={code} window={window} bottom={axis} gutter={gutter} />
        <Row name={t("usual.row.now")} y={now + NOW / 2} gutter={gutter} strong />
        <Lasts alert={alert} window={window} y={now} />
        {nights && expected && <Nights alert={alert} expected={expected} y={nightly} width={window.width} gutter={gutter} />}
      </g>
    </svg>
  );
}

function Hours({ window, top, bottom }: { window: Window; top: number; bottom: number }): JSX.Element {
  return (
    <g>
      {ticksOf(window, TICK_PX).map(({ x, words }) => (
        <g key={x}>
          <line class="usual-hour" x1={x} x2={x} y1={top} y2={bottom} />
          {x >= EDGE && x <= window.width - EDGE && (
            <text x={x} y={bottom + 15} text-anchor="middle">
              {words}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

/** Each moment that matters as a line with its words on a row of their own, so that none lie on each other. */
function Marks(props: { marks: Mark[]; code: string; window: Window; bottom: number; gutter: number }): JSX.Element {
  const { marks, code, window, bottom, gutter } = props;
  return (
    <g>
      {marks.map((mark, i) => {
        const [x, words] = [xOf(mark.at, window), markWords(mark, code, window)];
        const put = beside(x, words, window.width, -gutter); // no name stands before it there
        return (
          <g key={mark.name} class={`usual-mark usual-mark-${mark.name}`}>
            <line x1={x} x2={x} y1={i * FLAG + 3} y2={bottom} />
            {mark.name === "rang" && <circle cx={x} cy={FLAG / 2} r={4.5} />}
            <text x={put.x} y={i * FLAG + 14} text-anchor={put.anchor}>
              {words}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function Row({ name, y, gutter, strong = false }: { name: string; y: number; gutter: number; strong?: boolean }): JSX.Element {
  return (
    <text class={strong ? "usual-name usual-strong" : "usual-name"} x={-gutter} y={y + 4}>
      {name}
    </text>
  );
}

function Stays(props: { lane: Lane; y: number; window: Window; gutter: number }): JSX.Element {
  const { lane, y, window, gutter } = props;
  return (
    <g>
      <Row name={roomWords(lane.room)} y={y + LANE / 2} gutter={gutter} />
      <line class="usual-lane" x1={0} x2={window.width} y1={y + LANE / 2} y2={y + LANE / 2} />
      {lane.stays.map(([from, to]) => {
        const [left, right] = [xOf(from, window), xOf(to, window)];
        const size = Math.max(LEAST_STAY, right - left);
        return <rect key={from} class="usual-stay" x={left} y={y + (LANE - STAY) / 2} width={size} height={STAY} rx={2} />;
      })}
    </g>
  );
}

/** What lasts, as a bar with its words in it, or before it; where neither has room, with how long alone. */
function Lasts({ alert, window, y }: { alert: Alert; window: Window; y: number }): JSX.Element {
  const [left, right] = lastedOf(alert, window).map((at) => xOf(at, window)) as [number, number];
  const { words, within, put } = lettered(lastsWords(alert, window), longWords(alert, window), left, right, window.width);
  return (
    <g>
      <rect class="usual-lasts" x={left} width={Math.max(3, right - left)} y={y} height={NOW} rx={4} />
      <text class={within ? "usual-lasts-in" : "usual-strong"} x={put.x} y={y + NOW / 2 + 5} text-anchor={put.anchor}>
        {words}
      </text>
    </g>
  );
}

/** How often somebody is about, half hour by half hour. */
function Columns({ columns, bottom }: { columns: Column[]; bottom: number }): JSX.Element {
  return (
    <g>
      {columns.map(({ x, width, share, within }) => {
        const height = Math.max(1, share * (OTHERS - 4));
        const name = within ? "usual-column usual-within" : "usual-column";
        return <rect key={x} class={name} x={x + 0.5} width={Math.max(1, width - 1)} y={bottom - height} height={height} />;
      })}
    </g>
  );
}

function Dots({ dots, bottom, height }: { dots: Dot[]; bottom: number; height: number }): JSX.Element {
  const highest = Math.max(1, ...dots.map(({ level }) => level));
  const step = Math.min(DOT, (height - DOT) / highest);
  return (
    <g>
      {dots.map(({ x, level }, i) => (
        <circle key={i} class="usual-dot" cx={x} cy={bottom - DOT / 2 - 1 - level * step} r={DOT / 2 - 0.5} />
      ))}
    </g>
  );
}

/** Minutes up, a bar a night; this one is the last. */
function Nights(props: { alert: Alert; expected: Expected; y: number; width: number; gutter: number }): JSX.Element {
  const { alert, expected, y, width, gutter } = props;
  const here = alert.evidence.reasons[0]?.values.min ?? 0;
  const all = [...expected.others, here];
  const most = Math.max(1, ...all);
  const step = Math.min(22, width / all.length);
  const level = (minutes: number): number => (minutes / most) * (OTHERS - 6);
  const usual = expected.usual === null ? null : y + OTHERS - level(expected.usual);
  const words = [t("usual.by.restless_night", { min: expected.usual ?? 0 }), t("usual.this", { min: here })].join(t("reason.join"));
  const put = beside((all.length - 1) * step, words, width);
  return (
    <g>
      <Row name={t("usual.row.night")} y={y + OTHERS / 2 + 6} gutter={gutter} />
      {all.map((minutes, i) => (
        <rect
          key={i}
          class={i === all.length - 1 ? "usual-column usual-this" : "usual-column"}
          x={i * step + 1}
          width={Math.max(1, step - 3)}
          y={y + OTHERS - Math.max(1, level(minutes))}
          height={Math.max(1, level(minutes))}
        />
      ))}
      <line class="usual-base" x1={0} x2={width} y1={y + OTHERS} y2={y + OTHERS} />
      <text class="usual-strong" x={put.x} y={y + 12} text-anchor={put.anchor}>
        {words}
      </text>
      {usual !== null && <line class="usual-level" x1={0} x2={all.length * step} y1={usual} y2={usual} />}
    </g>
  );
}
