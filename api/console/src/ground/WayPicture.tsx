/** The way as one picture: older is paler, passed again is thicker, the last place with its error, and where they may be. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words";
import { Base, Furniture, furniture, Places, spotOf, ZoneLine } from "./Base";
import {
  areaBox, around, arrowsOf, fit, piecesOf, px, putNames, shows, timesOf, wayBox, zoomed, type Name, type Piece, type View,
} from "./plan"; // prettier-ignore
import type { Ground, LastPlace, WayPoint } from "./records";
import { homeClock } from "./say";
import { useWidth } from "../width";

interface Props {
  ground: Ground;
  points: WayPoint[];
  last: LastPlace | null;
  /** When it began; null: nothing began. */
  began: string | null;
  /** Whether they may be elsewhere by now. */
  lasts: boolean;
  offset: number;
  label: string;
}

/** Between arrow heads, and the most of them. */
const [ARROWS_PX, MOST_ARROWS] = [70, 40];
const TIMES = 7;
/** How much closer one press goes, and how far in and out. */
const [CLOSER, MOST_CLOSER] = [1.6, 6];

const heightOf = (width: number): number => Math.round(Math.max(260, Math.min(420, width * 0.68)));

export function WayPicture(props: Props): JSX.Element {
  const { ground, points, last } = props;
  const [box, width] = useWidth();
  const [whole, setWhole] = useState(false);
  const [closer, setCloser] = useState(0);
  const size = [width, heightOf(width), ground.origin === null] as const;
  const way = fit(wayBox(points, last, ground), ...size);
  const hidden = props.lasts && last !== null && last.area !== null && !shows(way, around(last, last.area));
  const fitted = whole && hidden && last ? fit(areaBox(points, last, ground), ...size) : way;
  const near = closer && last ? { ...fitted, x: last.x, y: last.y } : fitted;
  const view = zoomed(near, CLOSER ** closer);
  return (
    <div class="ground-frame">
      <div class="ground-tools">
        {hidden && (
          <div class="segments" role="group" aria-label={t("ground.view.label")}>
            {[false, true].map((one) => (
              <button key={String(one)} aria-pressed={whole === one} data-testid={one ? "view-area" : "view-way"} onClick={() => (setWhole(one), setCloser(0))}>
                {t(one ? "ground.view.area" : points.length ? "ground.view.way" : "ground.view.place")}
              </button>
            ))}
          </div>
        )}
        <div class="ground-zoom" role="group" aria-label={t("ground.view.label")}>
          <button class="icon-button" aria-label={t("ground.in")} title={t("ground.in")} disabled={closer >= MOST_CLOSER} onClick={() => setCloser(closer + 1)}>
            +
          </button>
          <button class="icon-button" aria-label={t("ground.outwards")} title={t("ground.outwards")} disabled={closer <= -MOST_CLOSER} onClick={() => setCloser(closer - 1)}>
            −
          </button>
        </div>
      </div>
      <div ref={box} class="ground-box">
        {width > 0 && <Drawing {...props} view={view} />}
      </div>
    </div>
  );
}

function Drawing({ ground, points, last, began, lasts, offset, label, view }: Props & { view: View }): JSX.Element {
  const pieces = piecesOf(points, view);
  const names = namesOf({ ground, points, last, began, lasts, offset, label }, view);
  return (
    <svg role="img" aria-label={label} width={view.width} height={view.height} data-testid="way-picture">
      <Base ground={ground} view={view} />
      <Places ground={ground} view={view} />
      <ZoneLine corners={ground.zone.map(spotOf)} view={view} />
      {last && lasts && last.area !== null && <circle class="ground-area" {...circle(last, last.area, view)} />}
      <Way pieces={pieces} />
      {timesOf(points, TIMES, offset).map(({ spot, at }) => {
        const { x, y } = px(spot, view);
        return <circle key={at} class="ground-time" cx={x} cy={y} r={3.5} />;
      })}
      {last && <Last last={last} view={view} lasts={lasts} />}
      {names.map((name) => (
        <text key={name.key} class={name.strong ? "ground-name ground-strong" : "ground-name"} x={name.x} y={name.y} text-anchor={name.anchor}>
          {name.words}
        </text>
      ))}
      <Furniture ground={ground} view={view} />
    </svg>
  );
}

const circle = (at: { x: number; y: number }, m: number, view: View): { cx: number; cy: number; r: number } => {
  const { x, y } = px(at, view);
  return { cx: x, cy: y, r: m / view.perPx };
};

function Way({ pieces }: { pieces: Piece[] }): JSX.Element {
  return (
    <g>
      {pieces.map(({ from, to, wide }, i) => (
        <line key={i} class="ground-case" x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke-width={wide + 2.5} />
      ))}
      {pieces.map(({ from, to, wide, age, how }, i) => (
        <line key={i} class={`ground-way ground-${how}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke-width={wide} stroke-opacity={age} />
      ))}
      {arrowsOf(pieces, ARROWS_PX, MOST_ARROWS).map(({ x, y, turn, age }) => (
        <path key={`${x},${y}`} class="ground-arrow" d="M-5 -5 3 0 -5 5" transform={`translate(${x} ${y}) rotate(${turn})`} stroke-opacity={Math.max(0.5, age)} />
      ))}
    </g>
  );
}

function Last({ last, view, lasts }: { last: LastPlace; view: View; lasts: boolean }): JSX.Element {
  const at = px(last, view);
  const doubted = last.doubted && px(last.doubted, view);
  return (
    <g>
      {doubted && <path class="ground-doubted" d={`M${doubted.x - 5} ${doubted.y - 5}l10 10m0 -10l-10 10`} />}
      <circle class="ground-error" {...circle(last, last.error, view)} />
      {last.heading !== null && lasts && (
        <g transform={`translate(${at.x} ${at.y}) rotate(${last.heading})`}>
          <path class="ground-case" d="M0 -12V-38M-7 -30 0 -39 7 -30" />
          <path class="ground-heading" d="M0 -12V-38M-7 -30 0 -39 7 -30" />
        </g>
      )}
      <circle class="ground-last" cx={at.x} cy={at.y} r={8} />
    </g>
  );
}

function namesOf({ ground, points, last, began, offset }: Props, view: View): ReturnType<typeof putNames> {
  const clock = (iso: string): string => homeClock(Date.parse(iso), { utc_offset_min: offset / 60_000 });
  const names: Name[] = [];
  const add = (key: string, words: string, at: { x: number; y: number }, gap: number, strong = false): number =>
    names.push({ key, words, at: px(at, view), gap, strong });
  if (last) add("last", clock(last.time), last, Math.max(14, Math.min(40, last.error / view.perPx + 6)), true);
  for (const place of ground.places.filter((one) => one.home)) add("home", t("ground.home"), place, 14, true);
  const start = began === null ? undefined : points.find((point) => Date.parse(point.until) >= Date.parse(began));
  if (start && began !== null) add("began", t("ground.began", { at: clock(began) }), start, 10);
  for (const { spot, at } of timesOf(points, TIMES, offset).reverse()) add(`at${at}`, clock(new Date(at).toISOString()), spot, 9);
  if (last?.doubted) add("doubted", t("ground.doubted"), last.doubted, 10);
  ground.places.filter((one) => !one.home).forEach((place, i) => add(`often${i}`, t("ground.usual"), place, 9));
  const corner = [...ground.zone].sort((a, b) => b[1] - a[1])[0];
  if (corner) add("zone", t("ground.zone"), spotOf(corner), 8);
  const taken = last ? [...furniture(view), dot(px(last, view))] : furniture(view);
  return putNames(names, view, taken);
}

const dot = ({ x, y }: { x: number; y: number }): { left: number; right: number; bottom: number; top: number } => ({
  left: x - 9,
  right: x + 9,
  bottom: y - 9,
  top: y + 9,
});
