/** The ground on which a zone is drawn: tap adds a corner, drag moves one, or the ground; every corner by keys too. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Base, Furniture, PlaceNames, Places, ZoneLine } from "../../ground/Base";
import { around, fit, metresAt, px, together, zoomed, type View } from "../../ground/plan";
import type { Ground, Spot } from "../../ground/records";
import { bearing, far, windWords } from "../../ground/say";
import { useWidth } from "../../width";
import { t } from "../../words";
import { moved, withCorner, without } from "./zoneDraft";

interface Props {
  ground: Ground;
  corners: Spot[];
  seen: Spot[];
  /** Null: it is only looked at. */
  draw: ((corners: Spot[]) => void) | null;
  chosen: number | null;
  choose: (k: number | null) => void;
}

/** A finger that moved less than this tapped, px. */
const TAP_PX = 6;
/** What a finger hits, px; what is seen of it is smaller. */
const HIT_PX = 20;
/** Metres by an arrow key, and with Shift. */
const [STEP_M, LONG_STEP_M] = [10, 50];
const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
/** Places farther off than this are not shown at first, metres. */
const NEAR_M = 1500;

/** What a finger is doing: which corner it holds (null: the ground), from where, and how the view stood. */
interface Hold {
  corner: number | null;
  x: number;
  y: number;
  view: View;
  moved: boolean;
}

function firstView(ground: Ground, corners: Spot[], width: number, height: number): View {
  const near = ground.places.filter((place) => Math.hypot(place.x, place.y) < NEAR_M).map((place) => around(place, place.radius));
  const boxes = corners.length ? corners.map((corner) => around(corner, 0)) : [...near, around({ x: 0, y: 0 }, 150)];
  return fit(together(boxes), width, height);
}

export function ZoneMap({ ground, corners, seen, draw, chosen, choose }: Props): JSX.Element {
  const [box, width] = useWidth();
  const [own, setOwn] = useState<View | null>(null);
  const [dragged, setDragged] = useState<Spot[] | null>(null);
  const hold = useRef<Hold | null>(null);
  const height = Math.round(Math.max(280, Math.min(460, width * 0.62)));
  const fitted = own ?? firstView(ground, corners, width, height);
  const view = { ...fitted, width, height };
  const shown = dragged ?? corners;
  const at = (event: PointerEvent): Spot => {
    const frame = (event.currentTarget as Element).closest("svg")?.getBoundingClientRect();
    return { x: event.clientX - (frame?.left ?? 0), y: event.clientY - (frame?.top ?? 0) };
  };
  const down = (held: number | null) => (event: PointerEvent): void => {
    if (!draw || event.button > 0) return;
    event.stopPropagation();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    hold.current = { corner: held, ...at(event), view, moved: false };
    choose(held);
  };
  const move = (event: PointerEvent): void => {
    const held = hold.current;
    if (!held) return;
    const now = at(event);
    held.moved = held.moved || Math.hypot(now.x - held.x, now.y - held.y) > TAP_PX;
    if (!held.moved) return;
    if (held.corner !== null) setDragged(moved(corners, held.corner, metresAt(now, view)));
    else setOwn({ ...held.view, x: held.view.x - (now.x - held.x) * view.perPx, y: held.view.y + (now.y - held.y) * view.perPx });
  };
  const up = (event: PointerEvent): void => {
    const held = hold.current;
    hold.current = null;
    setDragged(null);
    if (!held || !draw) return;
    if (held.corner !== null && held.moved) draw(moved(corners, held.corner, metresAt(at(event), view)));
    if (held.corner === null && !held.moved) {
      setOwn(view); // what is drawn does not move what is looked at
      draw(withCorner(corners, metresAt(at(event), view)));
    }
  };
  const key = (k: number) => (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    const corner = corners[k];
    if (!draw || !corner) return;
    if (arrow) {
      const long = event.shiftKey ? LONG_STEP_M : STEP_M;
      setOwn(view);
      draw(moved(corners, k, { x: corner.x + arrow[0] * long, y: corner.y + arrow[1] * long }));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      draw(without(corners, k));
      choose(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="ground-frame">
      <div ref={box} class="ground-box">
        {width > 0 && (
          <svg
            role={draw ? "group" : "img"}
            aria-label={t("zone.map")}
            class={draw ? "zone-map zone-drawing" : "zone-map"}
            width={width}
            height={height}
            data-testid="zone-map"
            onPointerDown={down(null)}
            onPointerMove={move}
            onPointerUp={up}
            onPointerCancel={() => {
              hold.current = null;
              setDragged(null);
            }}
          >
            <Base ground={ground} view={view} />
            {seen.map((spot) => {
              const { x, y } = px(spot, view);
              return <circle key={`${spot.x},${spot.y}`} class="zone-seen" cx={x} cy={y} r={2.5} />;
            })}
            <Places ground={ground} view={view} />
            <ZoneLine corners={shown} view={view} />
            <PlaceNames ground={ground} view={view} />
            {draw && shown.map((_, k) => <Handle key={k} k={k} corners={shown} view={view} chosen={chosen === k} down={down(k)} key_={key(k)} focus={() => choose(k)} />)}
            <Furniture ground={ground} view={view} />
          </svg>
        )}
      </div>
      <div class="ground-tools zone-tools">
        <div class="ground-zoom" role="group" aria-label={t("ground.view.label")}>
          <button class="icon-button" aria-label={t("ground.in")} title={t("ground.in")} onClick={() => setOwn(zoomed(view, 1.6))}>
            +
          </button>
          <button class="icon-button" aria-label={t("ground.outwards")} title={t("ground.outwards")} onClick={() => setOwn(zoomed(view, 1 / 1.6))}>
            −
          </button>
          <button class="button" onClick={() => setOwn(null)}>
            {t("ground.all")}
          </button>
        </div>
      </div>
    </div>
  );
}

interface HandleProps {
  k: number;
  corners: Spot[];
  view: View;
  chosen: boolean;
  down: (event: PointerEvent) => void;
  key_: (event: KeyboardEvent) => void;
  focus: () => void;
}

function Handle({ k, corners, view, chosen, down, key_, focus }: HandleProps): JSX.Element {
  const corner = corners[k] as Spot;
  const { x, y } = px(corner, view);
  const n = corners.length;
  const middle = { x: corners.reduce((sum, one) => sum + one.x, 0) / n, y: corners.reduce((sum, one) => sum + one.y, 0) / n };
  const words = { k: k + 1, n, far: far(Math.hypot(corner.x - middle.x, corner.y - middle.y)), wind: windWords(bearing(middle, corner)) };
  return (
    <g
      class={chosen ? "zone-corner zone-chosen" : "zone-corner"}
      role="button"
      tabIndex={0}
      aria-label={t("zone.corner", words)}
      data-testid="zone-corner"
      onPointerDown={down}
      onKeyDown={key_}
      onFocus={focus}
    >
      <circle class="zone-hit" cx={x} cy={y} r={HIT_PX} />
      <rect x={x - 6} y={y - 6} width={12} height={12} rx={2} />
    </g>
  );
}
